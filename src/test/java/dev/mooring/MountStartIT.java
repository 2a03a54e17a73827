package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.mount.LiveMount;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountFailure.Phase;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are made, servers that are waited for, and those that are not. */
class MountStartIT {
  private static Parts parts;
  @AutoClose OpenSshServer server;
  @TempDir Path directory;
  private Path mountPoint;

  @BeforeAll
  static void start() {
    parts = new Parts();
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @BeforeEach
  void serve() throws IOException {
    server = OpenSshServer.start();
    mountPoint = Files.createDirectory(directory.resolve("mount"));
  }

  @Test
  void theDirectoryIsMadeWithItsModeAndOwner() throws IOException {
    Path made = server.directory().resolve("a/b/c");
    try (LiveMount _ = mount(made, "create_dir", "", "create_dir_mode", "702")) {
      Files.createFile(mountPoint.resolve("file"));
    }
    assertThat(made.resolve("file")).exists();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx----w-");
    try (LiveMount _ =
        mount(made.resolve("d"), "create_dir", "", "create_dir_owner", "1234:1235")) {
      assertThat(Files.getAttribute(made.resolve("d"), "unix:uid")).isEqualTo(1234);
      assertThat(Files.getAttribute(made.resolve("d"), "unix:gid")).isEqualTo(1235);
    }
  }

  @Test
  void aDirectoryThatIsThereKeepsItsMode() throws IOException {
    Path there = Files.createDirectory(server.directory().resolve("there"));
    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwx------"));
    mount(there, "create_dir", "", "create_dir_mode", "777").close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(there)))
        .isEqualTo("rwx------");
  }

  @Test
  void aServerThatIsStillStartingIsWaitedFor() throws Exception {
    server.stop();
    CompletableFuture<LiveMount> mounting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return mount(server.directory(), "mount_wait", "60");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    server.restart();
    try (LiveMount live = mounting.get(30, TimeUnit.SECONDS)) {
      assertThat(live.mountPoint()).isEqualTo(mountPoint);
    }
  }

  @Test
  void theWaitEnds() {
    server.stop();
    assertThatThrownBy(() -> mount(server.directory(), "mount_wait", "1500ms"))
        .isInstanceOf(MountFailure.class)
        .hasMessageStartingWith("TCP failed for ")
        .satisfies(e -> assertThat(((MountFailure) e).phase()).isEqualTo(Phase.TCP));
  }

  @Test
  void aDelayedMountIsThereBeforeTheServer() throws Exception {
    Files.writeString(server.directory().resolve("letter"), "from the server");
    server.stop();
    try (LiveMount _ = mount(server.directory(), "delay_connect", "")) {
      server.restart();
      assertThat(mountPoint.resolve("letter")).hasContent("from the server");
    }
  }

  private LiveMount mount(Path remote, String... more) throws IOException {
    return CommandLineMount.of(parts, server, remote, directory, mountPoint, more);
  }
}
