package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountSpec;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.TemporaryUser;
import dev.mooring.volume.InvalidOptions;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/TROUBLESHOOTING.md holds the exact text of each failure; this makes each of them happen.
 * What differs from run to run is written in capitals there.
 */
class TroubleshootingPageIT {
  private static final Path PAGE = Path.of("docs/TROUBLESHOOTING.md");
  private static final Path ACTUAL = Path.of("target/troubleshooting.txt");
  private static final Pattern ENTRY = Pattern.compile("\n### ([^\n]+)\n\n```\n([^\n]+)\n```\n");

  private static OpenSshServer server;
  private static TemporaryUser user;
  private static Parts parts;
  @TempDir Path directory;
  private Path keys;

  /** Makes one failure happen. */
  private interface Trouble {
    String text() throws Exception;
  }

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
    user = server.addUser();
    parts = new Parts();
    Files.deleteIfExists(ACTUAL);
  }

  @AfterAll
  static void stop() throws IOException {
    parts.close();
    server.close();
  }

  @BeforeEach
  void writeKeys() throws IOException {
    keys = Files.createDirectory(directory.resolve("keys"));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @TestFactory
  Stream<DynamicTest> everyFailureHasItsEntry() throws IOException {
    Map<String, String> entries = entries();
    return troubles().entrySet().stream()
        .map(trouble ->
            DynamicTest.dynamicTest(
                trouble.getKey(),
                () -> {
                  writeKeysAnew();
                  String text = general(trouble.getValue().text());
                  Files.writeString(
                      ACTUAL,
                      trouble.getKey() + "\n" + text + "\n",
                      StandardCharsets.UTF_8,
                      java.nio.file.StandardOpenOption.CREATE,
                      java.nio.file.StandardOpenOption.APPEND);
                  assertThat(text).isEqualTo(entries.get(trouble.getKey()));
                  assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024);
                }));
  }

  @Test
  void everyEntryIsOfAFailure() throws IOException {
    assertThat(troubles().keySet()).containsAll(entries().keySet());
  }

  private static Map<String, String> entries() throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    Matcher matcher = ENTRY.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      entries.put(matcher.group(1), matcher.group(2));
    }
    return entries;
  }

  private void writeKeysAnew() throws IOException {
    try (Stream<Path> files = Files.list(keys)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.copy(server.clientKey(), keys.resolve("id_ed25519"));
    Files.copy(Path.of(server.clientKey() + ".pub"), keys.resolve("id_ed25519.pub"));
  }

  /** With capitals for what differs from run to run. */
  private String general(String text) throws IOException {
    return text.replace(keys.toString(), "KEYS")
        .replace(directory.toString(), "DIRECTORY")
        .replace(server.directory().toString(), "FILES")
        .replace(user.name(), "USER")
        .replaceAll("SHA256:[A-Za-z0-9+/]{43}", "FINGERPRINT")
        .replaceAll("127\\.0\\.0\\.1:[0-9]{2,}", "127.0.0.1:PORT")
        .replaceAll("\\[127\\.0\\.0\\.1\\]:[0-9]+", "[127.0.0.1]:PORT")
        .replaceAll("port [0-9]{2,}", "port PORT")
        .replaceAll("-p [0-9]+", "-p PORT");
  }

  private Map<String, Trouble> troubles() {
    Map<String, Trouble> troubles = new LinkedHashMap<>();
    options(troubles);
    reaching(troubles);
    hostKeys(troubles);
    loggingIn(troubles);
    mounting(troubles);
    return troubles;
  }

  private void options(Map<String, Trouble> troubles) {
    troubles.put("An option is mistyped", () -> parsing("sshmd", "ann@box:/data", "passwd", "pw"));
    troubles.put("No server is named", () -> parsing("uid", "1000"));
    troubles.put("The source is not user@host:directory", () -> parsing("sshcmd", "ann@box/data"));
    troubles.put("An option would run a command", () -> withKey("ProxyCommand", "nc %h %p"));
    troubles.put("Options contradict each other", () -> withKey("ro", "", "create_dir", ""));
    troubles.put("A key file is not there", () -> withKey("IdentityFile", "/home/me/.ssh/id"));
    troubles.put(
        "A public key is given for a private one",
        () -> withKey("IdentityFile", "/home/me/.ssh/id_ed25519.pub"));
    troubles.put(
        "A password file is empty",
        () -> {
          Files.writeString(keys.resolve("pw"), "\n");
          return withKey("password_file", "pw");
        });
    troubles.put(
        "A file is a link out of the key directory",
        () -> {
          Files.createSymbolicLink(keys.resolve("pw"), Path.of("/etc/passwd"));
          return withKey("password_file", "pw");
        });
    troubles.put(
        "The ssh_config has Match",
        () -> {
          Files.writeString(keys.resolve("config"), "Match all\n");
          return withKey();
        });
  }

  private void reaching(Map<String, Trouble> troubles) {
    troubles.put("The name does not resolve", () -> at("root@nobody.invalid:/", "22"));
    troubles.put("Nothing listens at the port", () -> at("root@127.0.0.1:/", "1"));
    troubles.put(
        "The server accepts the connection and says nothing",
        () -> {
          try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return at("root@127.0.0.1:/", "" + silent.getLocalPort(), "ConnectTimeout", "2");
          }
        });
    troubles.put(
        "No algorithm in common",
        () -> {
          try (OpenSshServer old = OpenSshServer.start("Ciphers aes128-cbc")) {
            return at("root@127.0.0.1:/", "" + old.port());
          }
        });
    troubles.put(
        "The server is not reached through the host in between",
        () -> {
          try (OpenSshServer closed = OpenSshServer.start("AllowTcpForwarding no")) {
            Files.copy(
                closed.clientKey(),
                keys.resolve("id_ed25519"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return withKey("ProxyJump", "root@127.0.0.1:" + closed.port());
          }
        });
  }

  private void hostKeys(Map<String, Trouble> troubles) {
    troubles.put("The host key is not known", () -> withKey("StrictHostKeyChecking", "yes"));
    troubles.put(
        "The host key has changed",
        () -> {
          know("", Files.readString(Path.of(server.clientKey() + ".pub")));
          return withKey();
        });
    troubles.put(
        "The host key is revoked",
        () -> {
          know("@revoked ", server.publicHostKey());
          return withKey();
        });
    troubles.put(
        "The host key is not the pinned one",
        () -> withKey("host_key", "SHA256:" + "a".repeat(43)));
  }

  private void know(String marker, String key) throws IOException {
    Files.writeString(
        keys.resolve("known_hosts"), marker + "[127.0.0.1]:" + server.port() + " " + key);
  }

  private void loggingIn(Map<String, Trouble> troubles) {
    troubles.put("The password is wrong", () -> withPassword("bad"));
    troubles.put(
        "The server takes only keys",
        () -> {
          try (OpenSshServer keysOnly = OpenSshServer.start("PasswordAuthentication no")) {
            return at(
                user.name() + "@127.0.0.1:/",
                "" + keysOnly.port(),
                "password",
                "pw",
                "IdentityFile",
                "none");
          }
        });
    troubles.put(
        "The key is refused",
        () -> {
          Path stranger = server.generateKey("stranger" + System.nanoTime(), "ed25519", "");
          Files.copy(stranger, keys.resolve("id_work"));
          return withKey("IdentityFile", "id_work");
        });
    troubles.put("Nothing is given to log in with", () -> withKey("IdentityFile", "none"));
    troubles.put("The key is encrypted", () -> withLockedKey());
    troubles.put("The passphrase is wrong", () -> withLockedKey("passphrase", "bad"));
    troubles.put(
        "A file is no private key",
        () -> {
          Files.writeString(keys.resolve("notes"), "buy milk\n");
          return withKey("IdentityFile", "notes");
        });
    troubles.put(
        "A certificate has no key",
        () -> {
          Path other = server.generateKey("other" + System.nanoTime(), "ed25519", "");
          dev.mooring.testing.Command.run(
              "ssh-keygen", "-q", "-s", other.toString(), "-I", "x", "-n", "root", other + ".pub");
          Files.copy(Path.of(other + "-cert.pub"), keys.resolve("x-cert.pub"));
          return withKey("CertificateFile", "x-cert.pub");
        });
    troubles.put(
        "The agent is not there", () -> withKey("IdentityAgent", "/run/user/1000/agent.sock"));
  }

  private String withLockedKey(String... more) throws Exception {
    Path locked = server.generateKey("locked" + System.nanoTime(), "ed25519", "right");
    Files.copy(locked, keys.resolve("id_locked"));
    String[] options =
        Stream.concat(Stream.of("IdentityFile", "id_locked"), Stream.of(more))
            .toArray(String[]::new);
    return withKey(options);
  }

  private void mounting(Map<String, Trouble> troubles) {
    troubles.put(
        "The server has no SFTP",
        () -> {
          try (OpenSshServer without = OpenSshServer.withSftpServer("/nonexistent/sftp-server")) {
            Files.copy(
                without.clientKey(),
                keys.resolve("id_ed25519"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return at("root@127.0.0.1:/", "" + without.port());
          }
        });
    troubles.put("The subsystem has another name", () -> withKey("sftp_server", "files"));
    troubles.put("The directory is not there", () -> in(server.directory() + "/backup/2026"));
    troubles.put(
        "What is to be mounted is a file",
        () -> {
          Path file = server.directory().resolve("letter");
          if (!Files.exists(file)) {
            Files.createFile(file);
          }
          return in(file.toString());
        });
    troubles.put(
        "The directory is a link that leads nowhere",
        () -> {
          Path link = server.directory().resolve("link");
          Files.deleteIfExists(link);
          Files.createSymbolicLink(link, Path.of("/nowhere"));
          return in(link.toString());
        });
    troubles.put("The user may not see the directory", () -> asUser("/root/.ssh"));
    troubles.put("The directory cannot be made", () -> asUser("/root/new", "create_dir", "yes"));
    troubles.put(
        "The mount point is not there",
        () -> {
          MountSpec spec = spec(options("root@127.0.0.1:/", "" + server.port()));
          try {
            parts.mount(spec, directory.resolve("nowhere")).close();
            return "mounted";
          } catch (MountFailure e) {
            return "" + e.getMessage();
          }
        });
  }

  private String asUser(String path, String... more) throws Exception {
    String[] options =
        Stream.concat(
                Stream.of("password", user.password(), "IdentityFile", "none"), Stream.of(more))
            .toArray(String[]::new);
    return at(user.name() + "@127.0.0.1:" + path, "" + server.port(), options);
  }

  private String withPassword(String password) throws Exception {
    return at(
        user.name() + "@127.0.0.1:/",
        "" + server.port(),
        "password",
        password,
        "IdentityFile",
        "none");
  }

  private String in(String path) throws Exception {
    return at("root@127.0.0.1:" + path, "" + server.port());
  }

  private String withKey(String... more) throws Exception {
    return at("root@127.0.0.1:/", "" + server.port(), more);
  }

  private String at(String source, String port, String... more) throws Exception {
    return outcome(options(source, port, more));
  }

  private static Map<String, String> options(String source, String port, String... more) {
    Map<String, String> options = new HashMap<>(Map.of("sshcmd", source, "port", port));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  private String parsing(String... options) {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    return outcome(given);
  }

  /** Mounts where a directory could have to be made, and otherwise only looks. */
  private String outcome(Map<String, String> options) {
    try {
      MountSpec spec = spec(options);
      if (spec.start().create() == null) {
        parts.doctor().examineServer(spec, _ -> {});
      } else {
        parts.mount(spec, Files.createDirectories(directory.resolve("mount"))).close();
      }
      return "nothing is wrong";
    } catch (IOException e) {
      return "" + e.getMessage();
    }
  }

  private MountSpec spec(Map<String, String> options) throws InvalidOptions {
    OptionContext context =
        OptionContext.plugin(keys, keys.resolve("agents"), directory.resolve("remembered"));
    return new OptionParser(context).parse(options);
  }
}
