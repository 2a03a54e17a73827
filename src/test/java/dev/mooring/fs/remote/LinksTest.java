package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.TargetBytes;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which links are shown, as what. */
@Timeout(60)
class LinksTest {
  private static Node link(RemoteFixture on, FileSystem in, String name, String target)
      throws Exception {
    return in.symlink(in.root(), FileName.of(name), TargetBytes.of(target), on.caller()).node();
  }

  private static void assertRefused(RemoteFixture on, FileSystem in, Node link) {
    assertThatThrownBy(() -> in.readlink(link, on.caller()))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
  }

  @Test
  @SemanticsRow("symlink.own")
  void aLinkMadeHereIsShownWhereverItPoints() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    FileSystem other = on.another(RemoteFixture.SETTINGS);
    on.pace.run(() -> {
      Node made = link(on, on.remote, "localtime", "/etc/localtime");

      assertThat(on.remote.readlink(made, on.caller())).hasToString("/etc/localtime");
      Entry.Present seen =
          (Entry.Present) other.lookup(other.root(), FileName.of("localtime"), on.caller());
      assertRefused(on, other, seen.node());
    });
  }

  @Test
  @SemanticsRow("symlink.own")
  void aLinkThatTheServerPutInItsPlaceIsNot() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.pace.run(() -> {
      link(on, on.remote, "localtime", "/etc/localtime");
      on.server.unlink(on.server.root(), FileName.of("localtime"), on.caller());
      link(on, on.server, "localtime", "/etc/shadow");
      on.pace.sleep(Duration.ofSeconds(6));

      assertRefused(on, on.remote, on.find("localtime"));
    });
  }

  @Test
  @SemanticsRow("symlink.contained")
  void whatOthersLinkedOutOfTheMountIsRefused() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.pace.run(() -> {
      link(on, on.server, "out", "../secret");
      link(on, on.server, "in", "file");

      assertRefused(on, on.remote, on.find("out"));
      assertThat(on.remote.readlink(on.find("in"), on.caller())).hasToString("file");
    });
  }

  @Test
  @SemanticsRow("symlink.follow")
  void aFollowedLinkLooksLikeWhatItLeadsTo() throws Exception {
    RemoteFixture on =
        new RemoteFixture(
            ServerDialect.OPENSSH,
            RemoteFixture.SETTINGS.with(new RemoteSettings.Symlinks(true, false, true)),
            files -> files);
    on.serverHas("file", "content".getBytes(StandardCharsets.UTF_8));
    on.pace.run(() -> {
      link(on, on.server, "link", "file");
      Node shown = on.find("link");

      assertThat(on.remote.getattr(shown, null, on.caller()).value())
          .satisfies(attributes -> {
            assertThat(attributes.type()).isEqualTo(FileType.REGULAR);
            assertThat(attributes.size()).isEqualTo(7);
          });
    });
  }

  @Test
  @SemanticsRow("inode.stable")
  void aFileHasTheSameNumberInEveryMount() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.serverHas("file", new byte[0]);
    FileSystem other = on.another(RemoteFixture.SETTINGS);
    on.pace.run(() -> {
      Entry.Present there =
          (Entry.Present) other.lookup(other.root(), FileName.of("file"), on.caller());

      assertThat(on.find("file").inode()).isEqualTo(there.node().inode());
    });
  }
}
