package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.PrivateSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Keys, ssh_config, profiles and what is looked at before anything is mounted. */
@OnStage
final class AccessE2E {
  private final Stage stage;

  AccessE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void aKeyDirectoryOfAnotherUserWithAnSshConfigIsOnlyWarnedOf() throws Exception {
    Path config = stage.keys().resolve("config");
    Path key = Files.copy(stage.sshd().key(), stage.keys().resolve("id_shared"));
    try {
      Files.writeString(
          config,
          "Host files\n  HostName 127.0.0.1\n  IdentityFile ~/.ssh/id_shared\n  Port "
              + stage.sshd().port()
              + "\n");
      mode(config, "rw-rw-r--");
      mode(key, "rw-rw-r--");
      Command.of("chown", "-R", "1000:1000", stage.keys().toString()).run().orThrow();
      Path remote = stage.remoteDirectory();
      String volume = stage.name("vol");
      stage
          .docker()
          .out(
              "volume",
              "create",
              "-d",
              Stage.PLUGIN,
              "-o",
              "sshcmd=" + stage.account().name() + "@files:" + remote,
              volume);

      stage.run(volume + ":/d", "touch /d/file").orThrow();

      assertThat(remote.resolve("file")).exists();
      assertThat(stage.docker().out("volume", "inspect", volume))
          .contains("others can read the key file");
    } finally {
      Files.delete(config);
      Files.delete(key);
      Command.of("chown", "-R", "0:0", stage.keys().toString()).run().orThrow();
    }
  }

  @Test
  void aProfilesKeyIsChangedWithoutCreatingItsVolumesAnew() throws Exception {
    Path profile = stage.keys().resolve("files.profile");
    Path remote = stage.remoteDirectory();
    String volume = stage.name("vol");
    write(profile, remote, "IdentityFile=id_gone");
    assertThat(create(volume, "profile=files.profile").errors()).contains("id_gone");
    write(profile, remote, "password_file=wrong", "IdentityFile=none");
    Files.writeString(stage.keys().resolve("wrong"), "wr0ng\n");
    create(volume, "profile=files.profile").orThrow();
    assertThat(stage.run(volume + ":/d", "true").errors()).contains("authentication");

    write(profile, remote, "IdentityFile=id_ed25519");

    stage.run(volume + ":/d", "touch /d/file").orThrow();
    assertThat(remote.resolve("file")).exists();
    assertThat(create(stage.name("vol"), "profile=files.profile", "host=elsewhere").errors())
        .contains("host is for the profile to say");
    assertThat(create(stage.name("vol"), "profile=../../etc/passwd").exit()).isNotZero();
  }

  @Test
  void aProbeAtCreateFailsWhereAMountWould() {
    String name = stage.name("probed");
    String source = "sshcmd=" + stage.source(stage.remoteDirectory());

    Command.Outcome refused =
        stage.volumeCreate(name, source, "probe=true", "password=wr0ng", "IdentityFile=none").run();

    assertThat(refused.exit()).isNotZero();
    assertThat(refused.errors()).contains("authentication").doesNotContain("wr0ng");
    assertThat(stage.docker().out("volume", "ls", "-q")).doesNotContain(name);
    stage.volumeCreate(name, source, "probe=true").run().orThrow();
  }

  @Test
  void aDirectoryIsMadeOnTheServerIfThatIsAsked() throws Exception {
    Path remote = stage.remoteDirectory();
    String volume =
        stage.createVolume(remote.resolve("a/b"), "create_dir=true", "create_dir_mode=750");

    stage.run(volume + ":/d", "touch /d/file").orThrow();

    assertThat(remote.resolve("a/b/file")).exists();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(remote.resolve("a/b"))))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void aHostInBetweenLeadsToTheServer() {
    Path remote = stage.remoteDirectory();
    try (PrivateSshd between = new PrivateSshd(stage.workspace().mkdir(stage.name("sshd")))) {
      between.authorizeKeyOf(stage.sshd());
      String volume = stage.createVolume(remote, "ProxyJump=127.0.0.1:" + between.port());
      stage.run(volume + ":/d", "touch /d/file").orThrow();
      assertThat(remote.resolve("file")).exists();
    }
  }

  @Test
  void theDoctorRunsInsideThePluginsRootFileSystem() {
    String pid =
        Command.of(
                "sh",
                "-c",
                "for p in /proc/[0-9]*; do grep -qa /opt/mooring/java.args $p/cmdline 2>/dev/null"
                    + " && grep -qF "
                    + stage.workspace().directory()
                    + " $p/mountinfo && echo ${p#/proc/}; done | head -1")
            .run()
            .orThrow()
            .output()
            .strip();
    Command.Outcome outcome =
        Command.of(
                "nsenter",
                "-t",
                pid,
                "-m",
                "-r",
                "/opt/mooring/runtime/bin/java",
                "-cp",
                "/opt/mooring/lib/*",
                "dev.mooring.Main",
                "doctor",
                "-p",
                "" + stage.sshd().port(),
                "-o",
                "StrictHostKeyChecking=no",
                stage.source(stage.remoteDirectory()))
            .run();

    assertThat(outcome.exit()).as(outcome.output() + outcome.errors()).isZero();
    assertThat(outcome.output()).contains("ok       authentication", "ok       FUSE");
  }

  private Command.Outcome create(String name, String... options) {
    String[] words = new String[5 + 2 * options.length];
    System.arraycopy(new String[] {"volume", "create", "-d", Stage.PLUGIN}, 0, words, 0, 4);
    for (int i = 0; i < options.length; i++) {
      words[4 + 2 * i] = "-o";
      words[5 + 2 * i] = options[i];
    }
    words[words.length - 1] = name;
    return stage.docker().run(words);
  }

  private void write(Path profile, Path remote, String... more) throws IOException {
    Files.writeString(
        profile,
        "sshcmd="
            + stage.source(remote)
            + "\nport="
            + stage.sshd().port()
            + "\n"
            + String.join("\n", more)
            + "\n");
  }

  private static void mode(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
