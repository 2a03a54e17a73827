package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymlinkPolicyTest {
  private static final RemotePath ROOT = RemotePath.of("/srv/data");

  private static String show(boolean transform, boolean contain, String target, int depth)
      throws ErrnoException {
    RemoteSettings.Symlinks settings = new RemoteSettings.Symlinks(false, transform, contain);
    return new SymlinkPolicy(settings, ROOT).show(TargetBytes.of(target), depth).toString();
  }

  @ParameterizedTest
  @CsvSource({"file,0", "dir/file,0", "../typescript/bin/tsc,2", "../../up,2", "./x,0", "a//b,0"})
  @SemanticsRow("symlink.contained")
  void whatStaysInsideIsShownAsItIs(String target, int depth) throws Exception {
    assertThat(show(false, true, target, depth)).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({"/etc/passwd,3", "..,0", "../../up,1", "dir/../file,3", ".././../x,1"})
  @SemanticsRow("symlink.contained")
  void whatCouldLeadOutIsRefused(String target, int depth) {
    assertThatThrownBy(() -> show(false, true, target, depth))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/data/a/b,2,../../a/b",
    "/srv/data/a,0,a",
    "/srv/data,0,.",
    "/srv/database,1,/srv/database",
    "relative,1,relative"
  })
  @SemanticsRow("symlink.transform")
  void absoluteTargetsBelowTheRootBecomeRelative(String target, int depth, String shown)
      throws Exception {
    assertThat(show(true, false, target, depth)).isEqualTo(shown);
  }

  @Test
  @SemanticsRow("symlink.transform")
  void aTransformedTargetIsStillContained() throws Exception {
    assertThat(show(true, true, "/srv/data/a", 1)).isEqualTo("../a");
    assertThatThrownBy(() -> show(true, true, "/srv/data/../etc", 1))
        .isInstanceOf(ErrnoException.class);
  }
}
