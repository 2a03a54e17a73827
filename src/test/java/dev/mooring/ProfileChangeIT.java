package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.mount.LiveMount;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys are changed while a volume is in use; nothing is created or mounted anew for that. */
@Timeout(60)
class ProfileChangeIT {
  @TempDir Path directory;

  @Test
  void aLiveMountLogsInAsItsProfileSaysByThen() throws IOException {
    Path keys = Files.createDirectory(directory.resolve("keys"));
    Path mountPoint = Files.createDirectory(directory.resolve("mount"));
    try (OpenSshServer server = OpenSshServer.start();
        Parts parts = new Parts()) {
      Path next = server.newClientKey("next", "ed25519", "");
      Files.copy(server.clientKey(), keys.resolve("id_first"));
      Files.copy(next, keys.resolve("id_next"));
      OptionParser parser =
          new OptionParser(
              OptionContext.plugin(keys, keys.resolve("agents"), directory.resolve("known")));
      Map<String, String> options = Map.of("profile", "backup");
      writeProfile(keys, server, "id_first");
      try (LiveMount live =
          parts.mount(parser.parse(options), () -> parser.parse(options), mountPoint)) {
        Files.writeString(mountPoint.resolve("before"), "x");

        writeProfile(keys, server, "id_next");
        Files.delete(keys.resolve("id_first"));
        server.killSessions();

        assertThat(mountPoint.resolve("before")).hasContent("x");
        Files.writeString(mountPoint.resolve("after"), "y");
        assertThat(live.ended()).isNotDone();
      }
      assertThat(server.log())
          .contains("Accepted publickey for root")
          .contains(OpenSshServer.fingerprint(next));
      assertThat(server.directory().resolve("after")).hasContent("y");
    }
  }

  private static void writeProfile(Path keys, OpenSshServer server, String key) throws IOException {
    Files.writeString(
        keys.resolve("backup"),
        """
        sshcmd=root@127.0.0.1:%s
        port=%d
        IdentityFile=%s
        """
            .formatted(server.directory(), server.port(), key));
  }
}
