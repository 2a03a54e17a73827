package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.remote.RememberedOwners.Wanted;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** chown=remember over a server that refuses every change of owner. */
@Timeout(60)
class RememberedOwnersTest {
  private final Map<String, Wanted> kept = new ConcurrentHashMap<>();
  private final RemoteFixture on;

  RememberedOwnersTest() throws Exception {
    on = new RemoteFixture(ServerDialect.OPENSSH.denyingAttributes());
    Node dir = on.serverHasDirectory(on.server.root(), "dir");
    on.serverHas("file", new byte[0]);
    on.server.rename(
        on.server.root(),
        FileName.of("file"),
        dir,
        FileName.of("file"),
        RenameFlags.REPLACE,
        on.caller());
  }

  private FileSystem mount() throws Exception {
    RememberedOwners owners = new RememberedOwners(Map.copyOf(kept), on.pace, this::keep);
    return on.another(RemoteFixture.SETTINGS, owners);
  }

  private void keep(Map<String, Wanted> all) {
    kept.clear();
    kept.putAll(all);
  }

  private Node find(FileSystem mount, String... names) throws Exception {
    Node at = mount.root();
    for (String name : names) {
      at = ((Entry.Present) mount.lookup(at, FileName.of(name), on.caller())).node();
    }
    return at;
  }

  private void chown(FileSystem mount, int uid, int gid, String... names) throws Exception {
    mount.setattr(find(mount, names), null, AttributeChange.ofOwner(uid, gid), on.caller());
  }

  private void assertOwner(FileSystem mount, int uid, int gid, String... names) throws Exception {
    Attributes shown = mount.getattr(find(mount, names), null, on.caller()).value();
    assertThat(shown.uid()).isEqualTo(uid);
    assertThat(shown.gid()).isEqualTo(gid);
  }

  private void rename(FileSystem mount, String from, String to) throws Exception {
    mount.rename(
        mount.root(),
        FileName.of(from),
        mount.root(),
        FileName.of(to),
        RenameFlags.REPLACE,
        on.caller());
  }

  @Test
  @SemanticsRow("owner.chown-remember")
  void theNextMountShowsItToo() throws Exception {
    FileSystem first = mount();
    on.pace.run(() -> {
      chown(first, 999, 998, "dir", "file");
      assertOwner(first, 999, 998, "dir", "file");
      on.pace.sleep(Duration.ofSeconds(2));
    });
    FileSystem next = mount();
    on.pace.run(() -> {
      assertOwner(next, 999, 998, "dir", "file");
      assertOwner(next, 0, 0, "dir");
    });
  }

  @Test
  @SemanticsRow("owner.chown-remember")
  void itGoesAlongWhenADirectoryIsRenamed() throws Exception {
    FileSystem first = mount();
    on.pace.run(() -> {
      chown(first, 999, 998, "dir", "file");
      rename(first, "dir", "moved");
    });
    FileSystem other = mountAgain(first);
    on.pace.run(() -> assertOwner(other, 999, 998, "moved", "file"));
  }

  @Test
  @SemanticsRow("owner.chown-remember")
  void whatIsMadeUnderTheNameOfWhatIsGoneIsAnotherFile() throws Exception {
    FileSystem first = mount();
    on.pace.run(() -> {
      chown(first, 999, 998, "dir", "file");
      first.unlink(find(first, "dir"), FileName.of("file"), on.caller());
      on.server.mkdir(find(on.server, "dir"), FileName.of("file"), 0755, on.caller());
    });
    FileSystem other = mountAgain(first);
    on.pace.run(() -> assertOwner(other, 0, 0, "dir", "file"));
  }

  private FileSystem mountAgain(FileSystem first) throws Exception {
    first.close();
    return mount();
  }
}
