package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin as a process, asked over its socket as dockerd asks, with a real sshd and real mounts:
 * what of the life of volumes needs no dockerd.
 */
@Timeout(120)
class ServeIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static OpenSshServer server;
  private static Process plugin;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
    Path keys = Files.createDirectories(directory.resolve("keys"));
    Files.copy(server.clientKey(), keys.resolve("id_ed25519"));
    plugin = serve();
  }

  /** Each test leaves the plugin as it found it. */
  @AfterEach
  void removeVolumes() throws IOException {
    for (JsonNode volume : ask("List", Map.of()).get("Volumes")) {
      remove(volume.get("Name").asText());
    }
    assertThat(mounts()).isEmpty();
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.destroyForcibly().waitFor();
    for (String left : mounts().reversed()) {
      Command.run("umount", "-l", left);
    }
    server.close();
  }

  /** A new process; it answers when this returns. */
  private static Process serve() throws IOException {
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElseThrow());
    words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-XX:+UseSerialGC"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    words.addAll(List.of("serve", "--standalone", "--socket=" + socket()));
    words.addAll(List.of("--keys=" + directory.resolve("keys"), "--root=" + root()));
    words.addAll(List.of("--staging=" + directory.resolve("staging")));
    words.addAll(List.of("--state=" + Files.createDirectories(directory.resolve("state"))));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("LINGER", "0");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    Process started = builder.start();
    await().atMost(SOON).until(ServeIT::answers);
    return started;
  }

  private static boolean answers() {
    try (RawClient client = new RawClient(socket())) {
      return client.ask("Plugin.Activate", "").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Path socket() {
    return directory.resolve("plugin.sock");
  }

  private static Path root() {
    return directory.resolve("volumes");
  }

  private static Path log() {
    return directory.resolve("log");
  }

  private static List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .map(line -> line.split(" ", -1)[1])
        .filter(point -> point.startsWith(directory + "/"))
        .toList();
  }

  /** Asks on a connection of its own. */
  private static JsonNode ask(String verb, Object request) throws IOException {
    try (RawClient client = new RawClient(socket())) {
      return JSON.readTree(client.ask("VolumeDriver." + verb, json(request)).body());
    }
  }

  private static String json(Object request) throws JsonProcessingException {
    return JSON.writeValueAsString(request) + "\n";
  }

  private static void assertDone(JsonNode answer) {
    assertThat(answer.path("Err").asText()).isEmpty();
  }

  private static Map<String, String> options(String... more) {
    Map<String, String> options = new TreeMap<>();
    options.put("sshcmd", "root@127.0.0.1:" + server.directory());
    options.put("port", "" + server.port());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  private static void create(String name, Map<String, String> options) throws IOException {
    assertDone(ask("Create", Map.of("Name", name, "Opts", options)));
  }

  private static Path mount(String name, String id) throws IOException {
    JsonNode answer = ask("Mount", Map.of("Name", name, "ID", id));
    assertDone(answer);
    return Path.of(answer.get("Mountpoint").asText());
  }

  private static void unmount(String name, String id) throws IOException {
    assertDone(ask("Unmount", Map.of("Name", name, "ID", id)));
  }

  private static void remove(String name) throws IOException {
    assertDone(ask("Remove", Map.of("Name", name)));
  }

  @Test
  void theRecipeAsDockerSendsIt() throws IOException {
    create("sshvolume", options("uid", "999,gid=999", "allow_other", ""));
    Path at = mount("sshvolume", "a");
    Files.writeString(at.resolve("testfile"), "x");

    assertThat(Files.getAttribute(at.resolve("testfile"), "unix:uid")).isEqualTo(999);
    assertThat(Files.getAttribute(at.resolve("testfile"), "unix:gid")).isEqualTo(999);
    assertThat(server.directory().resolve("testfile")).hasContent("x");
  }

  @Test
  void removingOneOfTwoVolumesOfOneSourceDeletesNothing() throws IOException {
    create("aa", options());
    create("bb", options("uid", "5"));
    Path at = mount("aa", "1");
    Files.writeString(at.resolve("precious"), "x");
    unmount("bb", "never");
    remove("bb");

    assertThat(at.resolve("precious")).hasContent("x");
    unmount("aa", "1");
    remove("aa");
    assertThat(server.directory().resolve("precious")).hasContent("x");
  }

  @Test
  void anIdThatCameTwiceMustGoTwice() throws IOException {
    create("vv", options());
    Path at = mount("vv", "running");
    mount("vv", "running");
    unmount("vv", "running");
    Files.writeString(at.resolve("still"), "x");
    assertThat(server.directory().resolve("still")).exists();

    unmount("vv", "running");
    await().atMost(SOON).until(() -> mounts().isEmpty());
  }

  @Test
  void whoHangsUpAndComesAgainLeavesNothing() throws IOException {
    create("vv", options());
    try (RawClient client = new RawClient(socket())) {
      client.send(RawClient.call("VolumeDriver.Mount", json(Map.of("Name", "vv", "ID", "a"))));
    }
    mount("vv", "a");
    for (int i = 0; i < 3; i++) {
      unmount("vv", "a");
    }
    remove("vv");

    assertThat(mounts()).isEmpty();
    assertThat(root()).isEmptyDirectory();
  }

  @Test
  void namesAreWhateverDockerdLetsThrough() throws IOException {
    for (String name : List.of("a/b", "x".repeat(255), "müß ☃", "-v", "a.b", "...")) {
      create(name, options());
      Path at = mount(name, "1");
      assertThat(at.getParent()).isEqualTo(root().toRealPath());
      Files.writeString(at.resolve("f"), "x");
      unmount(name, "1");
      remove(name);
    }
    for (String name : List.of("/certs", "..", "", "x".repeat(256), "a/../b")) {
      assertThat(ask("Create", Map.of("Name", name, "Opts", options())).get("Err").asText())
          .startsWith("volume \"" + name + "\" has a name ");
    }
    assertThat(ask("List", Map.of()).get("Volumes")).isEmpty();
  }

  @Test
  void aHundredCallersAtOnceShareOneMount() throws Exception {
    create("vv", options());
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Path>> paths = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String id = "c" + i;
        paths.add(callers.submit(() -> mount("vv", id)));
      }
      Path at = paths.getFirst().get();
      for (Future<Path> path : paths) {
        assertThat(path.get()).isEqualTo(at);
      }
    }
    assertThat(server.connections()).isEqualTo(1);
    // The mount where it was made, and bound to where Docker sees it.
    assertThat(mounts()).hasSize(2);
  }

  @Test
  void nobodyWaitsForAServerThatHangs() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
      String port = "" + silent.getLocalPort();
      create("hung", options("port", port, "ConnectTimeout", "5"));
      create("good", options());
      Future<JsonNode> hanging =
          caller.submit(() -> ask("Mount", Map.of("Name", "hung", "ID", "1")));
      for (String name : List.of("hung", "good")) {
        assertDone(ask("Get", Map.of("Name", name)));
        assertDone(ask("Path", Map.of("Name", name)));
      }
      assertDone(ask("List", Map.of()));
      assertDone(ask("Capabilities", Map.of()));
      Files.writeString(mount("good", "1").resolve("f"), "x");
      assertThat(hanging).isNotDone();

      assertThat(hanging.get(25, TimeUnit.SECONDS).get("Err").asText())
          .startsWith("key exchange failed for root@127.0.0.1:" + port + ": no answer within 5 s");
    }
  }

  @Test
  void secretsAreInNoPlaceButTheStateOfRoot() throws IOException {
    Path keys = directory.resolve("keys");
    Files.writeString(keys.resolve("pw"), "by-r3ference\n");
    create("vv", options("password_file", "pw"));
    create("ww", options("password", "inl1ne-secret"));
    mount("vv", "1");
    String shown = "" + ask("Get", Map.of("Name", "vv")) + ask("Get", Map.of("Name", "ww"));
    Path state = directory.resolve("state").resolve("state.json");

    assertThat(shown).contains("password").doesNotContain("by-r3ference", "inl1ne-secret");
    assertThat(Files.readString(state)).doesNotContain("by-r3ference").contains("inl1ne-secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(log())).doesNotContain("by-r3ference", "inl1ne-secret");
    assertThat(Files.readString(Path.of("/proc/" + plugin.pid() + "/cmdline")))
        .doesNotContain("by-r3ference", "inl1ne-secret");
  }

  @Test
  void asItEndsItWritesAndUnmountsAllAndTheNextKnowsAllVolumes() throws Exception {
    create("away", options("port", "1"));
    List<OutputStream> open = new ArrayList<>();
    for (String name : List.of("aa", "bb", "cc")) {
      create(name, options());
      OutputStream file = Files.newOutputStream(mount(name, "1").resolve(name));
      file.write(new byte[100_000]);
      open.add(file);
    }
    plugin.destroy();

    assertThat(plugin.waitFor(10, TimeUnit.SECONDS)).isTrue();
    for (String name : List.of("aa", "bb", "cc")) {
      assertThat(server.directory().resolve(name)).hasSize(100_000);
    }
    assertThat(mounts()).isEmpty();
    assertThat(socket()).doesNotExist();
    for (OutputStream file : open) {
      Throwable failure = catchThrowable(file::close);
      assertThat(failure).isInstanceOf(IOException.class);
    }

    plugin = serve();
    assertThat(ask("List", Map.of()).get("Volumes")).hasSize(4);
    assertDone(ask("Get", Map.of("Name", "away")));
    assertThat(ask("Mount", Map.of("Name", "away", "ID", "1")).get("Err").asText())
        .startsWith("TCP failed for root@127.0.0.1:1: ");
  }

  @Test
  void afterAKillTheNextTakesItsMountsOver() throws Exception {
    create("vv", options());
    Path at = mount("vv", "running");
    Files.writeString(at.resolve("before"), "x");
    plugin.destroyForcibly().waitFor();

    plugin = serve();
    await().atMost(SOON).ignoreExceptions().until(() -> Files.exists(at.resolve("before")));
    unmount("vv", "running");
  }
}
