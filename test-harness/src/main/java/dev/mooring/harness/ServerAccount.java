package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A user of this machine who is nobody in particular: the account that an operator would make for
 * SFTP. Made with a home directory and a password, removed when closed; the home is the caller's.
 */
public final class ServerAccount implements AutoCloseable {
  private final String name;
  private final Path home;
  private final String password;
  private final int uid;

  /** Makes the account; needs root. */
  public ServerAccount(Path home) {
    this.home = home;
    this.name = "mooring" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000);
    this.password = "a}) $'\"\\;|&<>" + ThreadLocalRandom.current().nextInt(1000);
    Command.of("useradd", "--no-create-home", "--home-dir", home.toString(), "-s", "/bin/sh", name)
        .run()
        .orThrow();
    try {
      setPassword();
      uid = Integer.parseInt(Command.of("id", "-u", name).run().orThrow().output().strip());
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.of("chown", name + ":", home.toString()).run().orThrow();
  }

  private void setPassword() throws IOException {
    Path file = Files.createTempFile("mooring-account-", "");
    try {
      Files.writeString(file, name + ":" + password + "\n");
      Command.of("sh", "-c", "chpasswd < " + file).run().orThrow();
    } finally {
      Files.delete(file);
    }
  }

  /** Its login name. */
  public String name() {
    return name;
  }

  /** Its home directory. */
  public Path home() {
    return home;
  }

  /** Its password, with characters that shells and option parsers trip over. */
  public String password() {
    return password;
  }

  /** Its numeric user id on the server. */
  public int uid() {
    return uid;
  }

  /** Makes a directory in its home that belongs to it. */
  public Path mkdir(String directory) {
    Path path = home.resolve(directory);
    Command.of("install", "-d", "-o", name, "-g", name, path.toString()).run().orThrow();
    return path;
  }

  @Override
  public void close() {
    Command.of("userdel", name).run().orThrow();
  }
}
