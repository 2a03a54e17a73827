package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Created;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many round trips everyday sequences of calls cost. */
@Timeout(60)
class RoundTripsTest {
  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = new RemoteFixture(ServerDialect.OPENSSH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private int cat(String name) throws Exception {
    return on.pace.burstsOf(() -> {
      OpenFile file = on.open(name, OpenFlags.READ);
      assertThat(on.text(file)).isEqualTo("content");
      file.flush(on.caller());
      file.release();
    });
  }

  @Test
  @SemanticsRow("open.revalidates")
  void readingAColdFileCostsLookupOpenAndRead() throws Exception {
    on.serverHas("file", bytes("content"));

    assertThat(cat("file")).isEqualTo(3);
    assertThat(cat("file")).isEqualTo(2);
  }

  @Test
  void creatingWritingAndClosingCostsTwo() throws Exception {
    int bursts =
        on.pace.burstsOf(() -> {
          Created made = on.create("new");
          on.write(made.file(), 0, "content");
          made.file().flush(on.caller());
          made.file().release();
          assertThat(on.remote.getattr(made.entry().node(), null, on.caller()).value().size())
              .isEqualTo(7);
        });

    assertThat(bursts).isEqualTo(2);
  }

  @Test
  void appendingToAKnownFileCostsTwo() throws Exception {
    on.serverHas("log", bytes("one\n"));
    on.pace.run(() -> on.find("log"));

    int bursts =
        on.pace.burstsOf(() -> {
          OpenFile file = on.open("log", OpenFlags.WRITE.appending());
          on.write(file, 4, "two\n");
          file.flush(on.caller());
          file.release();
        });

    assertThat(bursts).isEqualTo(2);
  }

  @Test
  void listingWithAttributesCostsThreeAndThenNothing() throws Exception {
    for (int i = 0; i < 250; i++) {
      on.serverHas("file" + i, bytes("content"));
    }

    assertThat(on.pace.burstsOf(() -> list(250))).isLessThanOrEqualTo(3);
    assertThat(on.pace.burstsOf(() -> list(250))).isZero();
  }

  private void list(int expected) throws Exception {
    Directory directory = on.remote.opendir(on.remote.root(), on.caller());
    List<Node> nodes = new ArrayList<>();
    long[] cookie = {0};
    long before;
    do {
      before = cookie[0];
      directory.read(
          before,
          true,
          (name, inode, type, next, plus) -> {
            cookie[0] = next;
            return plus == null || nodes.add(plus.node());
          },
          on.caller());
    } while (cookie[0] != before);
    assertThat(nodes).hasSize(expected);
    for (Node node : nodes) {
      assertThat(on.remote.getattr(node, null, on.caller()).value().size()).isEqualTo(7);
      on.remote.forget(node, 1);
    }
    directory.release();
  }

  @Test
  void aMissingNameIsAskedForOnceASecond() throws Exception {
    int bursts =
        on.pace.burstsOf(() -> {
          for (int i = 0; i < 3; i++) {
            assertThat(on.remote.lookup(on.remote.root(), FileName.of("no"), on.caller()))
                .isInstanceOf(Entry.Absent.class);
          }
        });

    assertThat(bursts).isEqualTo(1);
    on.pace.run(() -> on.pace.sleep(Duration.ofSeconds(1)));
    on.serverHas("no", bytes("content"));
    on.pace.run(() -> assertThat(on.find("no")).isNotNull());
  }

  @Test
  void anEditorSavesInFour() throws Exception {
    on.serverHas("document", bytes("version 1"));
    on.pace.run(() -> on.find("document"));

    int bursts =
        on.pace.burstsOf(() -> {
          Created made = on.create("document.tmp");
          on.write(made.file(), 0, "version 2");
          made.file().fsync(false, on.caller());
          made.file().flush(on.caller());
          made.file().release();
          on.remote.rename(
              on.remote.root(),
              FileName.of("document.tmp"),
              on.remote.root(),
              FileName.of("document"),
              RenameFlags.REPLACE,
              on.caller());
        });

    assertThat(bursts).isLessThanOrEqualTo(4);
  }

  @Test
  void readingOnAndOnNeedsFarFewerRoundTripsThanReads() throws Exception {
    byte[] content = new byte[16 << 20];
    on.serverHas("big", content);
    int reads = content.length / (128 << 10);

    int bursts =
        on.pace.burstsOf(() -> {
          OpenFile file = on.open("big", OpenFlags.READ);
          for (int i = 0; i < reads; i++) {
            assertThat(on.read(file, (long) i << 17, 128 << 10)).hasSize(128 << 10);
          }
          file.release();
        });

    assertThat(bursts).isLessThan(reads / 5);
  }
}
