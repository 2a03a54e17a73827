package dev.mooring;

import dev.mooring.mount.LiveMount;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Mounts as {@code mooring mount} does, in this process. */
final class CommandLineMount {
  private CommandLineMount() {}

  /**
   * Mounts a directory of a server.
   *
   * @param home where host keys are remembered
   * @param more options and their values, in turn
   */
  static LiveMount of(
      Parts parts, OpenSshServer server, Path remote, Path home, Path mountPoint, String... more)
      throws IOException {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "sshcmd",
                "root@127.0.0.1:" + remote,
                "IdentityFile",
                server.clientKey().toString(),
                "host_key",
                server.fingerprint(),
                "port",
                "" + server.port()));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    OptionContext context = OptionContext.commandLine(home, home.resolve("remembered"), "root");
    return parts.mount(new OptionParser(context).parse(options), mountPoint);
  }
}
