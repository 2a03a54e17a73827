package dev.mooring.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mooring.testing.RawClient;
import dev.mooring.testing.RawClient.Answer;
import dev.mooring.volume.VolumeDescription;
import dev.mooring.volume.VolumeRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that were damaged on the way: each is answered with JSON or hung up on, and afterwards
 * the server is as it was. {@code -Dfuzz.requests} and {@code -Dfuzz.seed} choose how many and
 * which.
 */
class ProtocolFuzzTest {
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 100_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261122L);
  private static final int CHECKED_EVERY = 500;
  private static final int CONTINUE = 100;
  private static final List<Integer> STATUSES = List.of(CONTINUE, 200, 400, 404, 405, 413, 417);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> GOLDEN =
      List.of(
          RawClient.call("Plugin.Activate", ""),
          RawClient.call("VolumeDriver.Capabilities", "{}\n"),
          RawClient.call("VolumeDriver.Create", "{\"Name\":\"v\",\"Opts\":{\"uid\":\"9\"}}\n"),
          RawClient.call("VolumeDriver.Mount", "{\"Name\":\"v\",\"ID\":\"0a1b\"}\n"),
          RawClient.call("VolumeDriver.Unmount", "{\"Name\":\"v\",\"ID\":\"0a1b\"}\n"),
          RawClient.call("VolumeDriver.Get", "{\"Name\":\"v\"}\n"),
          RawClient.call("VolumeDriver.List", "{}\n"),
          RawClient.call("VolumeDriver.List", "2\r\n{}\r\n0\r\n\r\n")
              .replaceFirst("Content-Length: \\d+", "Transfer-Encoding: chunked"));

  /** Bytes on which parsers turn. */
  private static final byte[] SHARP =
      "\r\n\0\u007f:;,{}[]\"\\ /%?#0-9".getBytes(StandardCharsets.ISO_8859_1);

  private final Random random = new Random(SEED);
  @TempDir private Path directory;

  @Test
  @Timeout(600)
  void everyDamagedRequestIsAnsweredInJsonOrNotAtAll() throws IOException {
    VolumeDriver driver = new VolumeDriver(registry());
    for (int i = 0; i < REQUESTS; i++) {
      byte[] damaged = damage(GOLDEN.get(random.nextInt(GOLDEN.size())));
      String what = "seed " + SEED + ", request " + i + ": " + Arrays.toString(damaged);
      EmbeddedChannel connection = new EmbeddedChannel();
      PluginServer.speakHttp(connection.pipeline(), driver, Runnable::run);

      connection.writeInbound(Unpooled.wrappedBuffer(damaged));

      assertAnswers(connection, what);
      assertThat(connection.finishAndReleaseAll()).as(what).isFalse();
    }
  }

  private static void assertAnswers(EmbeddedChannel connection, String what) throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    for (ByteBuf next = connection.readOutbound(); next != null; next = connection.readOutbound()) {
      sent.writeBytes(ByteBufUtil.getBytes(next));
      assertThat(next.release()).as(what).isTrue();
    }
    InputStream in = new ByteArrayInputStream(sent.toByteArray());
    while (in.available() > 0) {
      Answer answer = RawClient.answer(in);
      assertThat(answer.status()).as(what).isIn(STATUSES);
      if (answer.status() != CONTINUE) {
        assertThat(JSON.readTree(answer.body()).isObject()).as(what).isTrue();
      }
    }
  }

  @Test
  @Timeout(600)
  void damagedRequestsLeaveTheServerAsItWas() throws IOException {
    Path socket = directory.resolve("fuzz.sock");
    try (PluginServer server = PluginServer.bind(socket)) {
      server.serve(registry());
      askWell(socket);
      long before = openFiles();
      for (int i = 0; i < REQUESTS / 10; i++) {
        sendAndHangUp(socket);
        if (i % CHECKED_EVERY == 0) {
          askWell(socket);
        }
      }
      askWell(socket);
      assertThat(openFiles()).as("open files, seed %d", SEED).isLessThanOrEqualTo(before + 2);
    }
  }

  /** Returns when the server has hung up too. */
  private void sendAndHangUp(Path socket) throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.send(damage(GOLDEN.get(random.nextInt(GOLDEN.size()))));
      client.endSending();
      client.readAll();
    } catch (IOException brokenPipe) {
      assertThat(brokenPipe).hasMessageMatching("Broken pipe|Connection reset.*");
    }
  }

  private static VolumeRegistry registry() throws IOException {
    VolumeRegistry registry = mock(VolumeRegistry.class, withSettings().stubOnly());
    when(registry.mount(any(), any())).thenReturn(Path.of("/mnt/volumes/x"));
    when(registry.get(any()))
        .thenReturn(new VolumeDescription("v", null, Instant.EPOCH, Map.of("state", "unmounted")));
    return registry;
  }

  private static void askWell(Path socket) throws IOException {
    try (RawClient client = new RawClient(socket)) {
      assertThat(client.ask("VolumeDriver.List", "{}").status()).isEqualTo(200);
    }
  }

  private byte[] damage(String golden) {
    byte[] bytes = golden.getBytes(StandardCharsets.UTF_8);
    int wounds = 1 + random.nextInt(4);
    for (int i = 0; i < wounds; i++) {
      bytes = wound(bytes);
    }
    return bytes;
  }

  private byte[] wound(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int length = Math.min(random.nextInt(16), bytes.length - at);
    byte[] middle =
        switch (random.nextInt(7)) {
          case 0 -> new byte[0];
          case 1 -> randomBytes(1 + random.nextInt(8));
          case 2 -> new byte[] {SHARP[random.nextInt(SHARP.length)]};
          case 3 -> repeated(Arrays.copyOfRange(bytes, at, at + length), random.nextInt(2000));
          case 4 -> GOLDEN.get(random.nextInt(GOLDEN.size())).getBytes(StandardCharsets.UTF_8);
          case 5 -> Long.toString(random.nextLong()).getBytes(StandardCharsets.UTF_8);
          default -> "null".getBytes(StandardCharsets.UTF_8);
        };
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(bytes, 0, at);
    result.writeBytes(middle);
    if (random.nextInt(8) != 0) {
      result.write(bytes, at + length, bytes.length - at - length);
    }
    return result.toByteArray();
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] repeated(byte[] piece, int times) {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      result.writeBytes(piece);
    }
    return result.toByteArray();
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
