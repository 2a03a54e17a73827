package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.ChangeListener;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.testing.ServerDialect;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many files are known at a time, whatever the kernel holds on to. */
@Timeout(60)
class NodeBudgetTest {
  private static final int MOST = 2000;
  private static final int FILES = 6000;

  private final NodeBudget budget = new NodeBudget(MOST);
  private RemoteFixture on;
  private RemoteFileSystem remote;

  /** Holds on to all it has seen, and lets go of a name that it is told of. */
  private static final class Kernel implements ChangeListener {
    final Map<FileName, Node> held = new HashMap<>();
    final RemoteFileSystem remote;
    boolean deaf;
    int most;

    Kernel(RemoteFileSystem remote) {
      this.remote = remote;
      remote.onChange(this);
    }

    void see(FileName name, Node node) {
      if (held.put(name, node) == node) {
        remote.forget(node, 1);
      }
      most = Math.max(most, held.size());
    }

    @Override
    public void contentChanged(Node node) {}

    @Override
    public void entryChanged(Node dir, FileName name) {
      Node node = deaf ? null : held.remove(name);
      if (node != null) {
        remote.forget(node, 1);
      }
    }
  }

  @BeforeEach
  void begin() throws Exception {
    on = new RemoteFixture(ServerDialect.OPENSSH);
    for (int i = 0; i < FILES; i++) {
      on.serverHas("f" + i, new byte[0]);
    }
    remote = beside();
  }

  private RemoteFileSystem beside() {
    return new RemoteFileSystem(
        on.client,
        on.pace,
        RemoteFixture.SETTINGS,
        RememberedOwners.NONE,
        new RemoteFileSystem.Share(new NativeMemory(0), budget));
  }

  /** Reads the directory as the kernel does, with attributes; answers how many names there are. */
  private int list(RemoteFileSystem in, Kernel kernel) throws Exception {
    Directory directory = in.opendir(in.root(), on.caller());
    int[] names = new int[1];
    int before;
    do {
      before = names[0];
      int end = before + 100;
      directory.read(
          before,
          true,
          (name, _, _, _, plus) -> {
            if (names[0] == end) {
              return false;
            }
            names[0]++;
            if (plus != null) {
              kernel.see(name, plus.node());
            }
            return true;
          },
          on.caller());
      // The kernel takes its time too.
      on.pace.sleep(Duration.ofMillis(1));
    } while (names[0] > before);
    directory.release();
    return names[0];
  }

  @Test
  void theKernelIsAskedToLetGoOfWhatItHasKnownForLongest() throws Exception {
    Kernel kernel = new Kernel(remote);
    on.pace.run(() -> {
      assertThat(list(remote, kernel)).isEqualTo(FILES);

      assertThat(kernel.most).isLessThanOrEqualTo(MOST + MOST / 4);
      assertThat(kernel.held).containsKey(FileName.of("f" + (FILES - 1)));
      OpenFile file = on.open("f0", OpenFlags.READ);
      file.release();
    });
  }

  @Test
  void whatIsOpenIsLeftAlone() throws Exception {
    Kernel kernel = new Kernel(remote);
    on.pace.run(() -> {
      FileName name = FileName.of("f7");
      Entry.Present entry = (Entry.Present) remote.lookup(remote.root(), name, on.caller());
      kernel.see(name, entry.node());
      OpenFile open = remote.open(entry.node(), OpenFlags.READ, on.caller());
      list(remote, kernel);

      assertThat(kernel.held).containsKey(name);
      open.release();
    });
  }

  @Test
  void whereTheKernelDoesNotLetGoNothingNewIsLookedUp() throws Exception {
    Kernel kernel = new Kernel(remote);
    kernel.deaf = true;
    on.pace.run(() -> {
      // Names are shown all the same.
      assertThat(list(remote, kernel)).isEqualTo(FILES);
      assertThat(kernel.held).hasSizeBetween(MOST, MOST + MOST / 4 + 1);
      assertThatThrownBy(
              () -> remote.lookup(remote.root(), FileName.of("f" + (FILES - 1)), on.caller()))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));

      kernel.held.values().forEach(node -> remote.forget(node, 1));
      assertThat(remote.lookup(remote.root(), FileName.of("f" + (FILES - 1)), on.caller()))
          .isInstanceOf(Entry.Present.class);
      on.pace.sleep(Duration.ofSeconds(1));
      assertThat(budget.isTight()).isFalse();
    });
  }

  @Test
  void aMountThatIsNotUsedMakesRoomForAnother() throws Exception {
    RemoteFileSystem other = beside();
    Kernel kernel = new Kernel(other);
    Kernel second = new Kernel(remote);
    on.pace.run(() -> {
      list(other, kernel);
      kernel.held.values().forEach(node -> other.forget(node, 1));
      kernel.held.clear();

      assertThat(list(remote, second)).isEqualTo(FILES);
      assertThat(second.most).isGreaterThan(MOST / 4);
      other.close();
      remote.close();
      assertThat(budget.isTight()).isFalse();
    });
  }
}
