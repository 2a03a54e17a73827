package dev.mooring.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mooring.testing.RawClient;
import dev.mooring.testing.RawClient.Answer;
import dev.mooring.volume.VolumeDescription;
import dev.mooring.volume.VolumeRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PluginServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VolumeRegistry registry = mock(VolumeRegistry.class);
  @TempDir private Path directory;
  private Path socket;
  private PluginServer server;
  private RawClient dockerd;

  @BeforeEach
  void listen() throws IOException {
    socket = directory.resolve("mooring.sock");
    server = PluginServer.bind(socket);
    server.serve(registry);
    dockerd = new RawClient(socket);
  }

  @AfterEach
  void close() throws IOException {
    dockerd.close();
    server.close();
  }

  @Test
  void itSaysThatItIsAVolumeDriverOfLocalScope() throws IOException {
    Answer activated = dockerd.ask("Plugin.Activate", "");
    Answer capable = dockerd.ask("VolumeDriver.Capabilities", "{}\n");

    assertThat(activated.status()).isEqualTo(200);
    assertThat(activated.body()).isEqualTo("{\"Implements\":[\"VolumeDriver\"]}");
    assertThat(activated.headers())
        .contains("content-type: application/vnd.docker.plugins.v1.1+json\r\n");
    assertThat(capable.body()).isEqualTo("{\"Capabilities\":{\"Scope\":\"local\"}}");
  }

  @Test
  void createPassesOnNameAndOptionsAsTheyAre() throws IOException {
    Answer answer =
        dockerd.ask(
            "VolumeDriver.Create",
            "{\"Name\":\"sv\",\"Opts\":{\"uid\":\"999,gid=999\",\"allow_other\":\"\"}}\n");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
    verify(registry).create("sv", Map.of("uid", "999,gid=999", "allow_other", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Name\":\"v\",\"Opts\":null}",
        "{\"Name\":\"v\"}",
        "{\"name\":\"v\",\"OPTS\":{},\"Unknown\":[{\"a\":1}]}",
        "\n {\"nAmE\":\"v\"}\n"
      })
  void fieldsComeInAnyCaseAndMayBeMissing(String body) throws IOException {
    assertThat(dockerd.ask("VolumeDriver.Create", body).body()).isEqualTo("{}");

    verify(registry).create("v", Map.of());
  }

  @Test
  void mountAnswersThePathAndTakesAMissingIdAsAnEmptyOne() throws IOException {
    when(registry.mount("v", "")).thenReturn(Path.of("/mnt/volumes/x"));

    Answer answer = dockerd.ask("VolumeDriver.Mount", "{\"Name\":\"v\"}\n");

    assertThat(answer.body()).isEqualTo("{\"Mountpoint\":\"/mnt/volumes/x\"}");
  }

  @Test
  void getSaysWhenItWasCreatedInRfc3339() throws IOException {
    when(registry.get("v"))
        .thenReturn(
            new VolumeDescription(
                "v",
                null,
                Instant.parse("2026-11-22T07:00:00.123456Z"),
                Map.of("state", "unmounted")));

    assertThat(dockerd.ask("VolumeDriver.Get", "{\"Name\":\"v\"}\n").body())
        .isEqualTo(
            "{\"Volume\":{\"Name\":\"v\",\"Mountpoint\":\"\","
                + "\"CreatedAt\":\"2026-11-22T07:00:00Z\",\"Status\":{\"state\":\"unmounted\"}}}");
  }

  @Test
  void listAndPathAnswerMountPoints() throws IOException {
    VolumeDescription volume =
        new VolumeDescription("ü/\"", Path.of("/mnt/volumes/x"), Instant.EPOCH, Map.of());
    when(registry.list()).thenReturn(List.of(volume));
    when(registry.get("ü/\"")).thenReturn(volume);

    assertThat(dockerd.ask("VolumeDriver.List", "{}\n").body())
        .isEqualTo("{\"Volumes\":[{\"Name\":\"ü/\\\"\",\"Mountpoint\":\"/mnt/volumes/x\"}]}");
    assertThat(dockerd.ask("VolumeDriver.Path", "{\"Name\":\"ü/\\\"\"}").body())
        .isEqualTo("{\"Mountpoint\":\"/mnt/volumes/x\"}");
  }

  @Test
  void aFailureIsOneShortLine() throws Exception {
    doThrow(new IOException("a\nb\u2028c\u001b[31m " + "x".repeat(2000)))
        .when(registry)
        .remove("v");

    Answer answer = dockerd.ask("VolumeDriver.Remove", "{\"Name\":\"v\"}\n");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(JSON.readTree(answer.body()).get("Err").textValue())
        .startsWith("a b c [31m xx")
        .hasSize(1000);
  }

  @Test
  void whatNobodyForesawIsAnErrorTooAndNotAnEnd() throws Exception {
    when(registry.get(any())).thenThrow(new IllegalStateException("surprise"));

    assertThat(dockerd.ask("VolumeDriver.Get", "{\"Name\":\"v\"}").body()).contains("surprise");
    assertThat(dockerd.ask("VolumeDriver.Capabilities", "{}").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Capabilities",
        "Create",
        "Remove",
        "Mount",
        "Unmount",
        "Path",
        "Get",
        "List",
      })
  void aBodyThatWasLostIsRefusedWithoutEffect(String verb) throws Exception {
    Answer answer = dockerd.ask("VolumeDriver." + verb, "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).get("Err").textValue()).contains("empty");
    verifyNoInteractions(registry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"v\"",
        "{\"Name\":",
        "{\"Name\":5}",
        "{\"Name\":\"v\",\"Opts\":{\"uid\":5}}",
        "{\"Name\":\"v\",\"Opts\":[]}",
        "{} {}",
        "\u0000"
      })
  void aBodyThatIsNoSuchObjectIsRefused(String body) throws Exception {
    Answer answer = dockerd.ask("VolumeDriver.Create", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).get("Err").textValue()).isNotBlank();
    verifyNoInteractions(registry);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /VolumeDriver.Nothing, 404",
    "POST, /, 404",
    "GET, /VolumeDriver.List, 405",
    "DELETE, /VolumeDriver.Remove, 405",
  })
  void unknownEndpointsAndMethodsSayWhatThereIs(String method, String path, int status)
      throws Exception {
    dockerd.send(method + " " + path + " HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");

    Answer answer = dockerd.answer();

    assertThat(answer.status()).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).get("Err").textValue()).contains(path);
  }

  @Test
  void aBodyThatIsTooLongIsRefusedInTurn() throws Exception {
    dockerd.send(RawClient.call("Plugin.Activate", ""));
    dockerd.send(RawClient.call("VolumeDriver.Create", "x".repeat((1 << 20) + 1)));

    assertThat(dockerd.answer().status()).isEqualTo(200);
    Answer answer = dockerd.answer();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(JSON.readTree(answer.body()).get("Err").textValue()).contains("1048576");
    assertThat(dockerd.ask("Plugin.Activate", "").status()).isEqualTo(200);
  }

  @Test
  void whatIsNoHttpIsRefusedAndClosed() throws Exception {
    dockerd.send("\u0016\u0003\u0001 hello\r\n\r\n");

    Answer answer = dockerd.answer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("Err");
    assertThat(dockerd.isClosedByServer()).isTrue();
  }

  @Test
  void repliesComeInTheOrderOfTheRequestsHoweverLongOneTakes() throws Exception {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    when(registry.mount("slow", "a"))
        .thenAnswer(_ -> {
          mayGoOn.await();
          return Path.of("/mnt/volumes/slow");
        });
    when(registry.list())
        .thenAnswer(_ -> {
          mayGoOn.countDown();
          return List.of();
        });

    dockerd.send(
        RawClient.call("VolumeDriver.Mount", "{\"Name\":\"slow\",\"ID\":\"a\"}")
            + RawClient.call("VolumeDriver.List", "{}"));

    assertThat(dockerd.answer().body()).contains("/mnt/volumes/slow");
    assertThat(dockerd.answer().body()).contains("Volumes");
  }

  @Test
  void othersAreAnsweredWhileAMountHangs() throws Exception {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    when(registry.mount("hangs", "a"))
        .thenAnswer(_ -> {
          mayGoOn.await();
          return Path.of("/x");
        });
    when(registry.list()).thenReturn(List.of());
    dockerd.send(RawClient.call("VolumeDriver.Mount", "{\"Name\":\"hangs\",\"ID\":\"a\"}"));
    verify(registry, timeout(5000)).mount("hangs", "a");

    try (RawClient other = new RawClient(socket)) {
      for (int i = 0; i < 100; i++) {
        assertThat(other.ask("VolumeDriver.List", "{}").status()).isEqualTo(200);
      }
    }
    mayGoOn.countDown();
    assertThat(dockerd.answer().status()).isEqualTo(200);
  }

  @Test
  void aMountWhoseCallerHungUpIsTakenBack() throws Exception {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    when(registry.mount("v", "a"))
        .thenAnswer(_ -> {
          mayGoOn.await();
          return Path.of("/x");
        });
    dockerd.send(RawClient.call("VolumeDriver.Mount", "{\"Name\":\"v\",\"ID\":\"a\"}"));
    verify(registry, timeout(5000)).mount("v", "a");

    dockerd.close();
    mayGoOn.countDown();

    verify(registry, timeout(5000)).unmount("v", "a");
  }

  @Test
  void aMountThatWasAnsweredStays() throws Exception {
    when(registry.mount(anyString(), anyString())).thenReturn(Path.of("/x"));

    dockerd.ask("VolumeDriver.Mount", "{\"Name\":\"v\",\"ID\":\"a\"}");
    dockerd.close();
    try (RawClient other = new RawClient(socket)) {
      other.ask("VolumeDriver.Mount", "{\"Name\":\"v\",\"ID\":\"b\"}");
    }

    server.close();
    verify(registry, never()).unmount(anyString(), anyString());
  }

  @Test
  void theSocketIsForRootAloneAndGoesWithTheServer() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");

    server.close();

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aSocketAtWhichSomebodyListensIsLeftAlone() throws IOException {
    assertThatThrownBy(() -> PluginServer.bind(socket))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process listens at " + socket);

    assertThat(dockerd.ask("Plugin.Activate", "").status()).isEqualTo(200);
  }

  @Test
  void aSocketThatADeadProcessLeftIsReplaced() throws IOException {
    Path stale = directory.resolve("stale.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stale));
    }
    assertThat(stale).exists();

    try (PluginServer successor = PluginServer.bind(stale)) {
      successor.serve(registry);
      try (RawClient client = new RawClient(stale)) {
        assertThat(client.ask("Plugin.Activate", "").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void callsWaitInTheSocketUntilThereIsSomebodyToAnswer() throws Exception {
    Path early = directory.resolve("early.sock");
    try (PluginServer starting = PluginServer.bind(early);
        RawClient client = new RawClient(early)) {
      client.send(RawClient.call("Plugin.Activate", ""));

      starting.serve(registry);

      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatClosesIsAnsweredFirst() throws Exception {
    dockerd.send("POST /Plugin.Activate HTTP/1.1\r\nConnection: close\r\n\r\n");

    assertThat(dockerd.answer().headers()).contains("connection: close");
    assertThat(dockerd.isClosedByServer()).isTrue();
  }

  @Test
  void manyAtOnceAreAllAnswered() throws Exception {
    when(registry.list()).thenReturn(List.of());
    CountDownLatch answered = new CountDownLatch(50);
    for (int i = 0; i < 50; i++) {
      Thread.ofVirtual()
          .start(() -> {
            try (RawClient client = new RawClient(socket)) {
              client.send(RawClient.call("VolumeDriver.List", "{}").repeat(100));
              for (int n = 0; n < 100; n++) {
                assertThat(client.answer().status()).isEqualTo(200);
              }
              answered.countDown();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }

    assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
