package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.embedded.EmbeddedSftpServer;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.MountTrouble;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can fail once the server has let us in, made to happen: docs/TROUBLESHOOTING.md
 * has the exact text of each, and no other.
 */
class MountTroublesIT {
  private static final List<String> SECTIONS = List.of("The directory, and the mount");
  private static final Path ACTUAL = Path.of("target/troubleshooting-mount.txt");

  @TempDir Path directory;
  private TroubleStage stage;

  @BeforeEach
  void start() throws IOException {
    stage = new TroubleStage(directory);
  }

  @AfterEach
  void stop() throws IOException {
    stage.close();
  }

  @Test
  void everyTextHasItsEntry() throws IOException {
    subsystems();
    directories();
    permissions();
    mountPoints();
    onlySaid();

    assertThat(stage.happened())
        .containsExactlyInAnyOrderElementsOf(
            Stream.<Enum<?>>concat(
                    Stream.of(MountTrouble.values()),
                    Stream.of(SshTrouble.values()).filter(t -> t.phase() == Phase.SUBSYSTEM))
                .toList());
    stage.assertPageSaysTheSame(ACTUAL, SECTIONS);
  }

  private void subsystems() throws IOException {
    try (OpenSshServer without = OpenSshServer.withSftpServer("/nonexistent/sftp-server")) {
      stage.useKeyOf(without);
      stage.at(without.port());
    }
    try (OpenSshServer narrow = OpenSshServer.start("MaxSessions 0")) {
      stage.useKeyOf(narrow);
      stage.at(narrow.port());
    }
    stage.tidy();
    stage.withKey("sftp_server", "files");
    try (EmbeddedSftpServer embedded =
        EmbeddedSftpServer.start(directory, directory.resolve("embedded"), 0)) {
      Files.copy(embedded.clientKey(), stage.keys().resolve("id_embedded"));
      stage.at(embedded.port(), "IdentityFile", "id_embedded", "sftp_server", "/usr/lib/sftp");
    }
    stage.tidy();
  }

  private void directories() throws IOException {
    Path files = stage.server().directory();
    stage.in(files + "/backup/2026");
    Files.createFile(files.resolve("letter"));
    stage.in(files + "/letter");
    Files.createSymbolicLink(files.resolve("link"), Path.of("/nowhere"));
    stage.in(files + "/link");
    stage.in(files + "/letter/sub", "create_dir", "yes");
  }

  private void permissions() throws IOException {
    stage.asUser("/root/.ssh");
    stage.asUser("/root/new", "create_dir", "yes");
    stage.asUser("/new", "create_dir", "yes");
    stage.asUser(stage.user().home() + "/new", "create_dir", "yes", "create_dir_owner", "0:0");
    Path dark = Files.createDirectory(stage.user().home().resolve("dark"));
    Files.setPosixFilePermissions(dark, PosixFilePermissions.fromString("rwx--x--x"));
    stage.asUser(dark);
  }

  private void mountPoints() throws IOException {
    MountSpec spec = stage.spec(stage.options("root@127.0.0.1:/", stage.server().port()));
    mountOn(spec, directory.resolve("nowhere"));
    mountOn(spec, Files.createFile(directory.resolve("file")));
    mountOn(spec, directory);
  }

  private void mountOn(MountSpec spec, Path mountPoint) {
    try {
      stage.parts().mount(spec, mountPoint).close();
    } catch (MountFailure e) {
      stage.failed(e);
    }
  }

  /** VolumeMountTest, MountRootIT and others make these happen; here they are only said. */
  private void onlySaid() {
    String target = "root@127.0.0.1:/data";
    stage.say(
        MountTrouble.NOT_UNDERSTOOD,
        "volume \"data\"",
        "IdentityFile names id_work, which is not there; KEYS is empty");
    stage.say(MountTrouble.NO_BINDING, target, "JNR");
    stage.say(MountTrouble.OVERDUE, "data", "mounting", 25);
    stage.say(MountTrouble.ODD_ANSWER, target, "REASON");
    stage.say(MountTrouble.LOGIN_UNKNOWN, target, "REASON");
    stage.say(MountTrouble.NO_DEVICE, "this plugin", "REASON");
    stage.say(MountTrouble.NOT_SHARED, "this plugin", "/mnt/volumes");
    stage.say(MountTrouble.NO_NETWORK, "this plugin");
    stage.say(MountTrouble.UNFORESEEN, "data", "REASON");
    stage.say(MountTrouble.UNMOUNTED, "data");
    stage.say(MountTrouble.ENDED, "data");
  }
}
