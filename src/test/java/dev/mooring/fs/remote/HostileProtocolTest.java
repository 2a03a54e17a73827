package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Statistics;
import dev.mooring.testing.Fault;
import dev.mooring.testing.SemanticsRow;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile server makes of the protocol. */
@Timeout(60)
class HostileProtocolTest extends HostileServer {
  @ParameterizedTest
  @ValueSource(ints = {100, 0x7fff_ffff, -1})
  @SemanticsRow("hostile.protocol")
  void moreExtendedAttributesThanThereCanBeCostTheChannel(int pairs) throws Exception {
    always(LSTAT, forged(ATTRS, fields().putInt(WITH_PAIRS).putInt(pairs)));
    on.pace.run(() -> {
      assertErrno(Errno.EIO, () -> on.find("file"));
      assertErrno(Errno.EIO, () -> on.find("file"));

      assertOneLine("the server broke the SFTP protocol");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.protocol")
  void whatBreaksTheProtocolEachTimeIsNotAskedForEver() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    on.meetWith(type -> {
      asked.addAndGet(type == READLINK ? 1 : 0);
      return type == READLINK ? new Fault.Oversized() : null;
    });
    on.pace.run(() -> {
      Node link = on.find("link");
      long before = on.pace.nanoTime();
      assertErrno(Errno.EIO, () -> on.remote.readlink(link, on.caller()));

      assertThat(Duration.ofNanos(on.pace.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
      assertThat(asked.get()).isEqualTo(3);
      assertOneLine("a packet of 2147483647 bytes");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.protocol")
  void repliesToRequestsThatNobodyMadeCostTheChannel() throws Exception {
    always(LSTAT, new Fault.Foreign());
    on.pace.run(() -> {
      assertErrno(Errno.EIO, () -> on.find("file"));

      assertOneLine("which is not in flight");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.protocol")
  void twoNamesWhereOneWasAskedForCostTheChannel() throws Exception {
    always(READLINK, names(bytes("a"), bytes("b")));
    on.pace.run(() -> {
      Node link = on.find("link");
      assertErrno(Errno.EIO, () -> on.remote.readlink(link, on.caller()));

      assertOneLine("NAME with 2 names where one was asked for");
      assertTheNextCallWorks();
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {257, 100_000})
  @SemanticsRow("hostile.protocol")
  void aHandleLongerThanTheProtocolAllowsCostsTheChannel(int length) throws Exception {
    always(OPEN, forged(HANDLE, string(fields(), new byte[length])));
    on.pace.run(() -> {
      Node node = on.find("file");
      assertErrno(Errno.EIO, () -> on.remote.open(node, OpenFlags.READ, on.caller()));

      assertOneLine("a handle of " + length + " bytes");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.protocol")
  void dataThatNobodyAskedForAreNotTaken() throws Exception {
    on.pace.run(() -> {
      OpenFile file = on.open("file", OpenFlags.READ);
      always(READ, forged(DATA, string(fields(), new byte[200_000])));
      assertErrno(Errno.EIO, () -> file.read(0, 4096, on.pace.caller(Duration.ofSeconds(30))));
      file.release();

      assertOneLine("DATA of 200000 bytes in reply to a READ of");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("read.short")
  void dataWithoutBytesAreAnError() throws Exception {
    on.pace.run(() -> {
      OpenFile file = on.open("file", OpenFlags.READ);
      always(READ, forged(DATA, fields().putInt(0)));
      assertErrno(Errno.EIO, () -> on.read(file, 0, 4096));
      file.release();
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.drip")
  void anAnswerByteByByteEndsInTimeAndTheChannelIsReplaced() throws Exception {
    on.next(
        LSTAT, new Fault.Dripping(byteIsDue -> on.pace.schedule(Duration.ofMillis(20), byteIsDue)));
    on.pace.run(() -> {
      long before = on.pace.nanoTime();
      Duration deadline = Duration.ofSeconds(30);
      assertErrno(
          Errno.EIO,
          () -> on.remote.lookup(on.remote.root(), FileName.of("file"), on.pace.caller(deadline)));
      assertThat(Duration.ofNanos(on.pace.nanoTime() - before)).isLessThan(deadline.plusSeconds(1));
      on.pace.sleep(Duration.ofSeconds(40));

      assertOneLine("the server answers nothing for 60000 ms");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.announced")
  void absurdAnnouncementsChangeNothing() throws Exception {
    ByteBuffer pairs = fields();
    for (int i = 0; i < 10_000; i++) {
      string(string(pairs, bytes("x" + i)), bytes("1"));
    }
    on.next(INIT, forged(VERSION, pairs));
    on.pace.run(() -> {
      on.cut();
      assertThat(list()).containsExactly("file", "link");
    });
    for (long limit : new long[] {1, -1, Long.MIN_VALUE}) {
      ByteBuffer limits = fields().putLong(limit).putLong(limit).putLong(limit).putLong(limit);
      on.next(EXTENDED, forged(EXTENDED_REPLY, limits));
      on.pace.run(() -> {
        on.cut();
        on.pace.sleep(Duration.ofSeconds(2));
        OpenFile file = on.open("file", OpenFlags.READ);
        int before = on.pace.bursts();
        assertThat(on.read(file, 0, 1 << 20)).isEqualTo(CONTENT);
        assertThat(on.pace.bursts() - before).isLessThan(10);
        file.release();
      });
    }
    on.pace.run(this::assertTheNextCallWorks);
  }

  @Test
  @SemanticsRow("hostile.announced")
  void absurdStatisticsAreShownAsFarAsTheyCanBe() throws Exception {
    for (long value : new long[] {0, -1, Long.MIN_VALUE}) {
      ByteBuffer statistics = fields();
      for (int i = 0; i < 11; i++) {
        statistics.putLong(value);
      }
      on.next(EXTENDED, forged(EXTENDED_REPLY, statistics));
      on.pace.run(() -> {
        on.pace.sleep(Duration.ofSeconds(5));
        Statistics shown = on.remote.statfs(on.caller()).value();
        assertThat(shown.blockSize()).isPositive();
        assertThat(shown.blocks()).isNotNegative();
        assertTheNextCallWorks();
      });
    }
  }
}
