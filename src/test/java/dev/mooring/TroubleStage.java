package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.MountTrouble;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.TemporaryUser;
import dev.mooring.testing.TroubleshootingPage;
import dev.mooring.volume.InvalidOptions;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes failures of mounts happen, with a server, a user on it and a directory of keys, and keeps
 * what is said, as docs/TROUBLESHOOTING.md has it: with capitals for what differs from run to run.
 */
final class TroubleStage implements AutoCloseable {
  private final OpenSshServer server = OpenSshServer.start();
  private final TemporaryUser user = server.addUser();
  private final Parts parts = new Parts();
  private final Path directory;
  private final Path keys;
  private final Set<String> said = new TreeSet<>();
  private final Set<Enum<?>> happened = new HashSet<>();

  /** With an empty directory of the caller's. */
  TroubleStage(Path directory) throws IOException {
    this.directory = directory;
    this.keys = Files.createDirectory(directory.resolve("keys"));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));
    tidy();
  }

  /** Takes away what an earlier trouble needed: only the key that the server knows is there. */
  void tidy() throws IOException {
    try (Stream<Path> files = Files.list(keys)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    useKeyOf(server);
  }

  /** Logs in with the key that another server knows. */
  void useKeyOf(OpenSshServer other) throws IOException {
    Path key = keys.resolve("id_ed25519");
    Files.copy(other.clientKey(), key, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(
        Path.of(other.clientKey() + ".pub"),
        keys.resolve("id_ed25519.pub"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  OpenSshServer server() {
    return server;
  }

  TemporaryUser user() {
    return user;
  }

  Path keys() {
    return keys;
  }

  Parts parts() {
    return parts;
  }

  /** All that was said, but for what differs from run to run. */
  Set<String> said() {
    return said;
  }

  /** All that went wrong. */
  Set<Enum<?>> happened() {
    return happened;
  }

  /** Connects as root to another server. */
  void at(int port, String... more) throws IOException {
    outcome(options("root@127.0.0.1:/", port, more));
  }

  /** Connects as root to the server. */
  void withKey(String... more) throws IOException {
    at(server.port(), more);
  }

  /** Looks at a directory of the server. */
  void in(Object path, String... more) throws IOException {
    outcome(options("root@127.0.0.1:" + path, server.port(), more));
  }

  /** Looks at a directory of the server as its user. */
  void asUser(Object path, String... more) throws IOException {
    String[] options =
        Stream.concat(
                Stream.of("password", user.password(), "IdentityFile", "none"), Stream.of(more))
            .toArray(String[]::new);
    outcome(options(user.name() + "@127.0.0.1:" + path, server.port(), options));
  }

  Map<String, String> options(String source, int port, String... more) {
    Map<String, String> options = new HashMap<>(Map.of("sshcmd", source, "port", "" + port));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  void outcome(Map<String, String> options) throws IOException {
    outcome(spec(options), directory.resolve("mount"));
  }

  /** Mounts where a directory could have to be made, and otherwise only looks. */
  void outcome(MountSpec spec, Path mountPoint) throws IOException {
    try {
      if (spec.start().create() != null) {
        Files.createDirectories(mountPoint);
        parts.mount(spec, mountPoint).close();
      } else {
        parts.doctor().examineServer(spec, _ -> {});
      }
      said.add("nothing is wrong with " + spec.fuse().source());
    } catch (MountFailure e) {
      failed(e);
    }
  }

  void failed(MountFailure failure) {
    happened.add(
        switch (failure) {
          case MountFailure.Connecting connecting -> connecting.trouble();
          case MountFailure.Mounting mounting -> mounting.trouble();
        });
    said.add(general("" + failure.getMessage()));
  }

  /** What cannot be brought about here is at least said. */
  void say(SshTrouble trouble, String target, Object... details) {
    happened.add(trouble);
    said.add(trouble.of(target, details).line());
  }

  /** The same of the mount. */
  void say(MountTrouble trouble, String target, Object... details) {
    happened.add(trouble);
    said.add(trouble.of(target, details).line());
  }

  MountSpec spec(Map<String, String> options) throws InvalidOptions {
    return spec(options, directory.resolve("remembered"));
  }

  MountSpec spec(Map<String, String> options, Path remembered) throws InvalidOptions {
    OptionContext context = OptionContext.plugin(keys, directory.resolve("agents"), remembered);
    return new OptionParser(context).parse(options);
  }

  private String general(String text) {
    return text.replace(keys.toString(), "KEYS")
        .replace(directory.toString(), "DIRECTORY")
        .replace(user.home().toString(), "HOME")
        .replace(server.directory().toString(), "FILES")
        .replace(user.name(), "USER")
        .replaceAll("SHA256:[A-Za-z0-9+/]{43}", "FINGERPRINT")
        .replaceAll("127\\.0\\.0\\.1:[0-9]{2,}", "127.0.0.1:PORT")
        .replaceAll("\\[127\\.0\\.0\\.1\\]:[0-9]+", "[127.0.0.1]:PORT")
        .replaceAll("port [0-9]{2,}", "port PORT")
        .replaceAll("-p [0-9]+", "-p PORT");
  }

  @Override
  public void close() throws IOException {
    parts.close();
    server.close();
  }

  /**
   * The page has the text of each failure so far in these sections, and no other; each is short.
   *
   * @param actual where the texts are left, for who mends the page
   */
  void assertPageSaysTheSame(Path actual, List<String> sections) throws IOException {
    Files.writeString(actual, String.join("\n", said) + "\n");
    assertThat(said).isEqualTo(TroubleshootingPage.texts(sections));
    assertThat(said)
        .allSatisfy(
            text -> assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024));
  }
}
