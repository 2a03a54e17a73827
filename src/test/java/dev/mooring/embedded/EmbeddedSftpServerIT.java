package dev.mooring.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSftpServerIT {
  @TempDir Path directory;
  @TempDir Path keys;
  @AutoClose EmbeddedSftpServer server;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedSftpServer.start(directory, keys, 0);
  }

  @Test
  void servesTheDirectoryToTheHolderOfTheClientKey() throws IOException {
    Files.writeString(directory.resolve("there"), "x");
    assertThat(sftp(server.clientKey(), "ls -1 /\nmkdir /made\n")).contains("there");
    assertThat(directory.resolve("made")).isDirectory();
  }

  @Test
  void nobodyElseIsLetIn() throws IOException {
    Path stranger = keys.resolve("stranger");
    Command.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger.toString());
    assertThatThrownBy(() -> sftp(stranger, "ls /\n")).hasMessageContaining("Permission denied");
  }

  @Test
  void keysAreForTheOwnerOnlyAndStayTheSame() throws IOException {
    String before = server.fingerprint();
    assertThat(Command.run("ssh-keygen", "-l", "-f", keys.resolve("host_key").toString()))
        .contains(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.clientKey())))
        .isEqualTo("rw-------");
    server.close();
    start();
    assertThat(server.fingerprint()).isEqualTo(before);
  }

  private String sftp(Path key, String batch) throws IOException {
    return Command.run(
        List.of(
            "sftp",
            "-F/dev/null",
            "-oStrictHostKeyChecking=no",
            "-oUserKnownHostsFile=/dev/null",
            "-i" + key,
            "-P" + server.port(),
            "-b-",
            "anybody@127.0.0.1"),
        batch);
  }
}
