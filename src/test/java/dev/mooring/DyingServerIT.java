package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.mount.LiveMount;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountFailure.Phase;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.TcpRelay;
import dev.mooring.testing.TcpRelay.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that dies or hangs, at every moment from the first byte of its banner on. */
@Timeout(120)
class DyingServerIT {
  private static final Duration IN_TIME = Duration.ofSeconds(20);

  /** More than a client sends at once while one reads, and less than its part of a rekey. */
  private static final int PART_OF_A_REKEY = 900;

  private static final byte[] LARGE = new byte[8 << 20];

  private static Parts parts;
  private static OpenSshServer server;
  @AutoClose private TcpRelay relay;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException {
    new Random(1).nextBytes(LARGE);
    parts = new Parts();
    server = OpenSshServer.start("RekeyLimit 1M");
    Files.writeString(server.directory().resolve("letter"), "from the server");
    Files.write(server.directory().resolve("large"), LARGE);
  }

  @AfterAll
  static void stop() throws IOException {
    parts.close();
    server.close();
  }

  @BeforeEach
  void relay() throws IOException {
    relay = new TcpRelay(server.port());
  }

  /** Mounts at a directory of that name, through a relay, with impatient settings. */
  private Path mountPoint(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  private LiveMount mount(TcpRelay through, Path mountPoint, String timeout) throws IOException {
    return CommandLineMount.of(
        parts,
        server,
        server.directory(),
        directory,
        mountPoint,
        "port",
        "" + through.port(),
        "ConnectTimeout",
        "3",
        "timeout",
        timeout,
        "ServerAliveInterval",
        "1",
        "ServerAliveCountMax",
        "2",
        "prefetch_max",
        "0",
        "max_readahead",
        "64k");
  }

  /** In which phase a mount fails whose server ends after so many pieces; null if it is there. */
  private @Nullable Phase phaseOf(int replies, End how) throws IOException {
    long before = System.nanoTime();
    Path mountPoint = mountPoint(how.name() + replies);
    try (TcpRelay own = new TcpRelay(server.port())) {
      own.endAfter(replies, how);
      try (LiveMount _ = mount(own, mountPoint, "5")) {
        return null;
      } catch (MountFailure e) {
        assertThat(e).hasMessageContaining("127.0.0.1").hasMessageNotContaining("\n");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(IN_TIME);
        own.behave();
        if (how == End.CLOSES) {
          mount(own, mountPoint, "5").close();
        }
        return e.phase();
      }
    }
  }

  @Test
  void whereverTheServerEndsTheMountFailsInTimeAndTheNextOneWorks() throws Exception {
    Set<Phase> closed = EnumSet.noneOf(Phase.class);
    int pieces = 0;
    for (Phase phase = phaseOf(0, End.CLOSES);
        phase != null;
        phase = phaseOf(++pieces, End.CLOSES)) {
      closed.add(phase);
    }
    assertThat(closed).contains(Phase.KEY_EXCHANGE, Phase.AUTHENTICATION, Phase.SUBSYSTEM);

    Set<Phase> hung = EnumSet.noneOf(Phase.class);
    try (ExecutorService mounts =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<@Nullable Phase>> all = new ArrayList<>();
      for (int i = 0; i < pieces; i++) {
        int replies = i;
        all.add(mounts.submit(() -> phaseOf(replies, End.HANGS)));
      }
      for (Future<@Nullable Phase> one : all) {
        Phase phase = one.get();
        if (phase != null) {
          hung.add(phase);
        }
      }
    }
    assertThat(hung).contains(Phase.KEY_EXCHANGE, Phase.AUTHENTICATION, Phase.SUBSYSTEM);
  }

  @Test
  @SemanticsRow("lost.nothing")
  void aRekeyThatStallsCostsAPauseAndNoError() throws Exception {
    Path mountPoint = mountPoint("mount");
    try (LiveMount _ = mount(relay, mountPoint, "30")) {
      relay.hangWhenTheClientSends(PART_OF_A_REKEY);
      assertThat(mountPoint.resolve("large")).hasBinaryContent(LARGE);
      assertThat(relay.hung()).isPositive();
    }
  }

  @Test
  @SemanticsRow("lost.soft")
  void aRekeyThatStallsForEverIsAnErrorWithinTheTimeout() throws Exception {
    Path mountPoint = mountPoint("mount");
    try (LiveMount _ = mount(relay, mountPoint, "2")) {
      relay.hangWhenTheClientSends(PART_OF_A_REKEY);
      relay.endAfter(0, End.HANGS);
      long before = System.nanoTime();
      assertThatThrownBy(() -> Files.readAllBytes(mountPoint.resolve("large")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Input/output error");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(IN_TIME);
      assertThat(relay.hung()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  @SemanticsRow("lost.soft")
  void aServerThatIsGoneInOperationIsAnErrorWithinTheTimeoutAndHeals(End how) throws Exception {
    Path mountPoint = mountPoint("mount");
    try (LiveMount _ = mount(relay, mountPoint, "2")) {
      assertThat(mountPoint.resolve("letter")).hasContent("from the server");
      relay.endAfter(0, how);
      if (how == End.HANGS) {
        relay.hangWhenTheClientSends(1);
      } else {
        relay.refuse(true);
      }
      long before = System.nanoTime();
      assertThatThrownBy(() -> Files.readString(mountPoint.resolve("large")))
          .hasMessageContaining("Input/output error");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(IN_TIME);

      relay.behave();
      boolean healed = false;
      // Each try is an error within the timeout until a connection is made again.
      for (int i = 0; i < 10 && !healed; i++) {
        try {
          healed = Arrays.equals(Files.readAllBytes(mountPoint.resolve("large")), LARGE);
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("Input/output error");
        }
      }
      assertThat(healed).isTrue();
    }
  }
}
