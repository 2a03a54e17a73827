package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.SftpClient;
import dev.mooring.testing.ServerDialect;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much is read ahead, and for how long it is kept. */
@Timeout(60)
class ReadAheadTest {
  private static final int MIB = 1 << 20;
  private static final int STEP = 128 << 10;

  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = new RemoteFixture(ServerDialect.OPENSSH);
  }

  private void read(OpenFile file, int from, int to) throws Exception {
    for (int at = from; at < to; at += STEP) {
      assertThat(on.read(file, at, STEP)).hasSize(STEP);
    }
  }

  @Test
  void fourReadersThatPauseDoNotHoldThePool() throws Exception {
    List<OpenFile> paused = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      on.serverHas("file" + i, new byte[24 * MIB]);
    }
    on.pace.run(() -> {
      for (int i = 0; i < 4; i++) {
        OpenFile file = on.open("file" + i, OpenFlags.READ);
        read(file, 0, 12 * MIB);
        paused.add(file);
      }
      on.pace.sleep(Duration.ofSeconds(3));
    });

    int bursts =
        on.pace.burstsOf(() -> {
          OpenFile fifth = on.open("file4", OpenFlags.READ);
          read(fifth, 0, 24 * MIB);
          fifth.release();
        });
    assertThat(bursts).isLessThan(16);
    on.pace.run(() -> {
      for (OpenFile file : paused) {
        read(file, 12 * MIB, 24 * MIB);
        file.release();
      }
    });
  }

  @ParameterizedTest
  @CsvSource({"100_000, 2", "2_000_000, 4", "50_000_000, 8"})
  void whatIsInFlightIsTwiceWhatARoundTripBrings(long brought, int most) throws Exception {
    on.serverHas("file", new byte[48 * MIB]);
    InFlight wire = new InFlight(on.client, brought);
    RemoteFileSystem remote = new RemoteFileSystem(wire.client(), on.pace, RemoteFixture.SETTINGS);
    on.pace.run(() -> {
      var found = (Entry.Present) remote.lookup(remote.root(), FileName.of("file"), on.caller());
      OpenFile file = remote.open(found.node(), OpenFlags.READ, on.caller());
      read(file, 0, 48 * MIB);
      file.release();
    });

    assertThat(wire.most).isBetween((long) (most - 1) * MIB, (long) most * MIB + STEP);
  }

  /** A client over a line that brings so much, which sees what it has to carry at once. */
  private static final class InFlight {
    private final SftpClient real;
    private final long brought;
    private long now;
    private long most;

    InFlight(SftpClient real, long brought) {
      this.real = real;
      this.brought = brought;
    }

    SftpClient client() {
      return (SftpClient)
          Proxy.newProxyInstance(
              SftpClient.class.getClassLoader(),
              new Class<?>[] {SftpClient.class},
              (_, method, arguments) ->
                  switch (method.getName()) {
                    case "readBytesPerRoundTrip" -> brought;
                    case "read" -> {
                      int bytes = ((ByteBuffer) arguments[2]).remaining();
                      now += bytes;
                      most = Math.max(most, now);
                      var reply = (CompletableFuture<?>) method.invoke(real, arguments);
                      reply.whenComplete((_, _) -> now -= bytes);
                      yield reply;
                    }
                    default -> method.invoke(real, arguments);
                  });
    }
  }
}
