package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.mount.Doctor;
import dev.mooring.ssh.mina.MinaSshConnector;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.TemporaryUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code mooring doctor}: a line a phase, and the exit status of the one that failed. */
class DoctorCommandIT {
  private static OpenSshServer server;
  private static TemporaryUser user;
  private static Parts parts;
  @TempDir Path keys;

  /** What it ended with and printed. */
  private record Outcome(int status, String output) {}

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
    user = server.addUser();
    parts = new Parts();
  }

  @AfterAll
  static void stop() throws IOException {
    parts.close();
    server.close();
  }

  @Test
  void whatIsWellIsALineAPhaseWithItsTime() throws IOException {
    Outcome outcome = doctor(root("/"));

    assertThat(outcome.output().lines().map(line -> line.replaceAll(" +\\d+ ms.*", "")))
        .containsExactly(
            "ok       DNS",
            "ok       TCP",
            "ok       key exchange",
            "ok       host key",
            "ok       authentication",
            "ok       subsystem",
            "ok       remote path",
            "ok       permissions",
            "ok       FUSE");
    assertThat(outcome.output())
        .contains(server.target() + ": 127.0.0.1 port " + server.port())
        .contains("ssh-ed25519 " + server.fingerprint())
        .contains("as root by ssh-ed25519 " + OpenSshServer.fingerprint(server.clientKey()))
        .contains("/ is a directory");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void nothingIsChangedOnTheServer() throws IOException {
    Outcome outcome = doctor(root(server.directory() + "/new"), "-o", "create_dir");

    assertThat(outcome.status()).isEqualTo(17);
    assertThat(server.directory().resolve("new")).doesNotExist();
  }

  @Test
  void theStatusTellsThePhase() throws IOException {
    assertFails(10, "options", root("/"), "-o", "no_such_option");
    assertFails(11, "DNS", "root@nobody.invalid:/");
    assertFails(12, "TCP", root("/"), "-o", "port=1");
    assertFails(13, "key exchange", root("/"), "-o", "Ciphers=3des-cbc");
    assertFails(14, "host key", root("/"), "-o", "host_key=SHA256:" + "a".repeat(43));
    assertFails(15, "authentication", root("/"), "-o", "IdentityFile=none");
    assertFails(16, "subsystem", root("/"), "-o", "sftp_server=nothing");
    assertFails(17, "remote path", root("/no/such"));
    assertFails(
        18,
        "permissions",
        user.name() + "@127.0.0.1:/root/.ssh",
        "-o",
        "password=" + user.password(),
        "-o",
        "IdentityFile=none");
  }

  @Test
  void aMachineThatCannotMountIsTheLastPhase() throws IOException {
    try (MinaSshConnector connector = new MinaSshConnector();
        SystemPace pace = new SystemPace()) {
      Path missing = keys.resolve("fuse");
      Outcome outcome =
          run(() -> new Doctor(connector, pace, new Random(1), missing), options(root("/")));

      assertThat(outcome.status()).isEqualTo(19);
      assertThat(outcome.output()).contains("ok       permissions");
      assertThat(outcome.output().lines().reduce("", (_, last) -> last))
          .startsWith("FAILED   FUSE ")
          .contains("FUSE failed for this machine: /dev/fuse does not open (")
          .contains("; load the module fuse");
    }
  }

  @Test
  void warningsComeFirst() throws IOException {
    assertThat(doctor(root("/"), "-o", "nonempty").output())
        .startsWith("warning  nonempty has no effect: ");
  }

  @Test
  void withoutASourceItIsMisused() {
    assertThat(run(parts::doctor).status()).isEqualTo(2);
  }

  private static String root(String path) {
    return "root@127.0.0.1:" + path;
  }

  private void assertFails(int status, String phase, String... arguments) throws IOException {
    Outcome outcome = doctor(arguments);

    assertThat(outcome.status()).as(outcome.output()).isEqualTo(status);
    assertThat(outcome.output().lines().reduce("", (_, last) -> last))
        .startsWith("FAILED   " + phase + " ");
  }

  private Outcome doctor(String... arguments) throws IOException {
    return run(parts::doctor, options(arguments));
  }

  private String[] options(String... arguments) throws IOException {
    Files.copy(
        server.clientKey(),
        keys.resolve("id_ed25519"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    List<String> all = new ArrayList<>(List.of("--keys", keys.toString()));
    all.addAll(List.of("-o", "port=" + server.port()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private static Outcome run(Supplier<Doctor> doctor, String... arguments) {
    StringWriter output = new StringWriter();
    CommandLine command = new CommandLine(new DoctorCommand(doctor, () -> {}));
    command.setOut(new PrintWriter(output, true));
    command.setErr(new PrintWriter(output, true));
    return new Outcome(command.execute(arguments), output.toString());
  }
}
