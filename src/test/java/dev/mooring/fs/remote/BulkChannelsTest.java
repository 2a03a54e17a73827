package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.InMemoryChannel;
import dev.mooring.testing.SemanticsRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is long goes over channels of its own, and nothing is lost or mixed up by that. */
@Timeout(60)
class BulkChannelsTest {
  private static final int READ = 5;
  private static final int WRITE = 6;
  private static final int MIB = 1 << 20;

  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = RemoteFixture.reconnecting();
  }

  private static byte[] content(int mebibytes) {
    byte[] content = new byte[mebibytes * MIB];
    new SplittableRandom(5).nextBytes(content);
    return content;
  }

  /** Reading ahead so little that there is still something to read when the channel is there. */
  private static RemoteSettings narrow() {
    RemoteSettings.Transfer all = RemoteSettings.Transfer.DEFAULT;
    return RemoteFixture.SETTINGS.with(
        new RemoteSettings.Transfer(
            all.maxReadBytes(),
            all.maxWriteBytes(),
            all.writeBufferBytes(),
            all.poolBytes(),
            MIB,
            all.maxChannels(),
            all.readdirDepth(),
            all.writeMode()));
  }

  private void write(OpenFile file, byte[] content) throws Exception {
    write(file, content, 0, content.length);
  }

  private void write(OpenFile file, byte[] content, int from, int to) throws Exception {
    for (int at = from; at < to; at += MIB) {
      byte[] part = Arrays.copyOfRange(content, at, Math.min(to, at + MIB));
      assertThat(file.write(at, Bytes.payload(part), on.caller())).isEqualTo(part.length);
    }
  }

  private byte[] readOn(OpenFile file, int from, int to) throws Exception {
    byte[] all = new byte[to - from];
    for (int at = from; at < to; at += 128 << 10) {
      byte[] part = on.read(file, at, Math.min(128 << 10, to - at));
      System.arraycopy(part, 0, all, at - from, part.length);
    }
    return all;
  }

  private byte[] onServer(String name, int length) throws Exception {
    var node = (Entry.Present) on.server.lookup(on.server.root(), FileName.of(name), on.caller());
    OpenFile file = on.server.open(node.node(), OpenFlags.READ, on.caller());
    byte[] all = on.read(file, 0, length + 1);
    file.release();
    on.server.forget(node.node(), 1);
    return all;
  }

  private List<Integer> requests(int type) {
    return on.channels().stream().map(channel -> channel.requests(type)).toList();
  }

  private long openChannels() {
    return on.channels().stream().filter(InMemoryChannel::isOpen).count();
  }

  @Test
  void aLongFileIsReadOnAChannelOfItsOwn() throws Exception {
    on = RemoteFixture.reconnecting(narrow());
    byte[] content = content(32);
    on.serverHas("big", content);
    on.pace.run(() -> {
      on.pace.sleep(Duration.ofSeconds(10));
      OpenFile file = on.open("big", OpenFlags.READ);

      assertThat(readOn(file, 0, content.length)).isEqualTo(content);
      file.release();
      on.pace.sleep(Duration.ofSeconds(1));
    });
    assertThat(requests(READ)).hasSize(2);
    assertThat(requests(READ).get(1)).isGreaterThan(requests(READ).get(0));
    assertThat(on.openHandles()).isZero();
  }

  @Test
  void aLongFileIsWrittenOverSeveralChannels() throws Exception {
    byte[] content = content(64);
    int bursts =
        on.pace.burstsOf(() -> {
          Created made = on.create("big");
          write(made.file(), content);
          made.file().flush(on.caller());
          made.file().release();
        });

    assertThat(onServer("big", content.length)).isEqualTo(content);
    assertThat(requests(WRITE)).hasSize(4).allMatch(writes -> writes > 32);
    assertThat(bursts).isLessThan(content.length / (4 * MIB));
    on.pace.run(() -> on.pace.sleep(Duration.ofSeconds(1)));
    assertThat(on.openHandles()).isZero();
  }

  @Test
  void oneChannelIsEnoughWhereNoMoreAreWanted() throws Exception {
    RemoteSettings.Transfer one = RemoteSettings.Transfer.DEFAULT.withMaxChannels(1);
    on = RemoteFixture.reconnecting(RemoteFixture.SETTINGS.with(one));
    assertIsWrittenAndRead(content(24));
    assertThat(requests(WRITE)).hasSize(1);
  }

  @Test
  void oneChannelIsEnoughWhereTheServerHasNoMore() throws Exception {
    on.detour = -1;
    assertIsWrittenAndRead(content(24));
    assertThat(requests(WRITE)).hasSize(1);
  }

  private void assertIsWrittenAndRead(byte[] content) throws Exception {
    on.pace.run(() -> {
      Created made = on.create("big");
      write(made.file(), content);
      made.file().flush(on.caller());
      on.pace.sleep(Duration.ofSeconds(10));
      assertThat(readOn(made.file(), 0, content.length)).isEqualTo(content);
      made.file().release();
    });
  }

  @Test
  void smallFilesNeedNoFurtherChannel() throws Exception {
    on.pace.run(() -> {
      for (int i = 0; i < 20; i++) {
        Created made = on.create("small" + i);
        write(made.file(), content(1));
        made.file().flush(on.caller());
        made.file().release();
      }
    });
    assertThat(on.channels()).hasSize(1);
  }

  @Test
  void aChannelThatNobodyNeedsIsClosed() throws Exception {
    assertIsWrittenAndRead(content(24));
    assertThat(openChannels()).isGreaterThan(1);
    on.pace.run(() -> on.pace.sleep(Duration.ofMinutes(1)));
    assertThat(openChannels()).isEqualTo(1);
  }

  @Test
  @SemanticsRow("write.order")
  void whatIsWrittenTwiceIsAsItWasWrittenLast() throws Exception {
    on.detour = 3;
    byte[] content = content(24);
    byte[] other = new byte[content.length];
    on.pace.run(() -> {
      Created made = on.create("big");
      write(made.file(), content);
      write(made.file(), other, 21 * MIB, 23 * MIB);
      on.write(made.file(), 22 * MIB, "last");
      made.file().flush(on.caller());
      made.file().release();
    });
    System.arraycopy(other, 0, content, 21 * MIB, 2 * MIB);
    System.arraycopy("last".getBytes(StandardCharsets.UTF_8), 0, content, 22 * MIB, 4);
    assertThat(onServer("big", content.length)).isEqualTo(content);
  }

  @Test
  @SemanticsRow("write.order")
  void whatLooksAtAFileSeesAllThatWasWrittenToIt() throws Exception {
    on.detour = 3;
    byte[] content = content(24);
    on.pace.run(() -> {
      Created made = on.create("big");
      write(made.file(), content);
      assertThat(on.remote.getattr(made.entry().node(), made.file(), on.caller()).value().size())
          .isEqualTo(content.length);
      write(made.file(), content);
      made.file().fsync(false, on.caller());
      assertThat(onServer("big", content.length)).isEqualTo(content);
      write(made.file(), content);
      on.remote.setattr(
          made.entry().node(), made.file(), AttributeChange.ofSize(5 * MIB), on.caller());
      assertThat(onServer("big", content.length)).hasSize(5 * MIB);
      write(made.file(), content);
      on.remote.rename(
          on.remote.root(),
          FileName.of("big"),
          on.remote.root(),
          FileName.of("bigger"),
          RenameFlags.REPLACE,
          on.caller());
      OpenFile again = on.open("bigger", OpenFlags.READ);
      assertThat(readOn(again, 0, content.length)).isEqualTo(content);
      again.release();
      made.file().release();
    });
  }

  @Test
  @SemanticsRow("lost.nothing")
  void nothingIsLostWithOneChannel() throws Exception {
    on.detour = 1;
    byte[] content = content(48);
    on.pace.run(() -> {
      Created made = on.create("big");
      write(made.file(), content, 0, 24 * MIB);
      on.channels().get(1).cut("cut by the test");
      write(made.file(), content, 24 * MIB, 36 * MIB);
      on.channels().get(0).cut("cut by the test");
      write(made.file(), content, 36 * MIB, content.length);
      made.file().flush(on.caller());
      on.pace.sleep(Duration.ofSeconds(10));
      assertThat(readOn(made.file(), 0, 20 * MIB)).isEqualTo(Arrays.copyOf(content, 20 * MIB));
      on.channels().get(1).cut("cut by the test");
      assertThat(readOn(made.file(), 20 * MIB, content.length))
          .isEqualTo(Arrays.copyOfRange(content, 20 * MIB, content.length));
      made.file().release();
      on.pace.sleep(Duration.ofSeconds(1));
    });
    assertThat(onServer("big", content.length)).isEqualTo(content);
    assertThat(on.openHandles()).isZero();
  }

  @Test
  @SemanticsRow("lost.nothing")
  void nothingIsLostWithAllChannels() throws Exception {
    on.detour = 1;
    byte[] content = content(32);
    on.pace.run(() -> {
      Created made = on.create("big");
      write(made.file(), content, 0, 24 * MIB);
      on.cut();
      write(made.file(), content, 24 * MIB, content.length);
      made.file().flush(on.caller());
      made.file().release();
    });
    assertThat(onServer("big", content.length)).isEqualTo(content);
  }

  @Test
  void aFileThatIsReplacedIsNotTakenForTheOneThatIsOpen() throws Exception {
    on = RemoteFixture.reconnecting(narrow());
    byte[] content = content(32);
    on.serverHas("big", content);
    on.pace.run(() -> {
      on.pace.sleep(Duration.ofSeconds(10));
      OpenFile file = on.open("big", OpenFlags.READ);
      on.read(file, 0, 128 << 10);
      on.server.unlink(on.server.root(), FileName.of("big"), on.caller());
      on.serverHas("big", new byte[content.length]);

      assertThat(readOn(file, 128 << 10, content.length))
          .isEqualTo(Arrays.copyOfRange(content, 128 << 10, content.length));
      file.release();
    });
  }
}
