package dev.mooring.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A user of this machine that lives as long as a test, with a password and a random name. Needs
 * root.
 *
 * @param name begins with {@code mooring-}
 * @param home a directory of its own
 */
public record TemporaryUser(String name, String password, Path home) implements AutoCloseable {

  /** Makes one, whose home is made below {@code parent}. */
  static TemporaryUser create(Path parent) throws IOException {
    byte[] random = new byte[6];
    ThreadLocalRandom.current().nextBytes(random);
    String name = "mooring-" + HexFormat.of().formatHex(random);
    TemporaryUser user = new TemporaryUser(name, "pa ss'\"$}" + name, parent.resolve(name));
    lockedRun(
        List.of("useradd", "-m", "-k", "/nonexistent", "-d", "" + user.home, "-s", "/bin/sh", name),
        "");
    lockedRun(List.of("chpasswd"), name + ":" + user.password + "\n");
    return user;
  }

  /** Removes the user; the home goes with the directory that it is in. */
  @Override
  public void close() throws IOException {
    lockedRun(List.of("userdel", name), "");
  }

  /** The tools refuse to run while another of them does, so ours take turns. */
  private static void lockedRun(List<String> words, String input) throws IOException {
    Path lock = Path.of("/tmp/mooring-test-users.lock");
    synchronized (TemporaryUser.class) {
      try (FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        try (var _ = channel.lock()) {
          Command.run(words, input);
        }
      }
    }
  }
}
