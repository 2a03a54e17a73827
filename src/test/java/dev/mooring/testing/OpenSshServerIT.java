package dev.mooring.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenSshServerIT {
  @AutoClose OpenSshServer server;

  @BeforeEach
  void start() throws IOException {
    server = OpenSshServer.start();
  }

  @Test
  void servesItsScratchDirectoryToTheHolderOfItsKey() throws IOException {
    Files.writeString(server.directory().resolve("hello"), "world");
    assertThat(sftp("ls -1 " + server.directory())).contains("hello");
  }

  @Test
  void listensOnTheSamePortAfterARestart() throws IOException {
    server.stop();
    assertThatThrownBy(() -> sftp("pwd")).hasMessageContaining("Connection refused");
    server.restart();
    assertThat(sftp("pwd")).contains("Remote working directory");
  }

  @Test
  void aTemporaryUserIsThereUntilTheServerIsClosed() throws IOException {
    TemporaryUser user = server.addUser();
    assertThat(Command.run("id", "-un", user.name()).trim()).isEqualTo(user.name());
    server.close();
    assertThatThrownBy(() -> Command.run("id", user.name())).hasMessageContaining("no such user");
    start();
  }

  private String sftp(String batch) throws IOException {
    return Command.run(
        List.of(
            "sftp",
            "-F/dev/null",
            "-oStrictHostKeyChecking=no",
            "-oUserKnownHostsFile=/dev/null",
            "-i" + server.clientKey(),
            "-P" + server.port(),
            "-b-",
            "root@127.0.0.1"),
        batch + "\n");
  }
}
