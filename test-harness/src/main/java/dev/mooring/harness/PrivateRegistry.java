package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A registry of our own on loopback, to which dockerd pushes without TLS and asking nobody. */
public final class PrivateRegistry implements AutoCloseable {
  private final int port;
  private final Process process;

  /** Starts it and returns when it accepts connections. */
  public PrivateRegistry(Path directory) {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Path configuration = directory.resolve("config.yml");
      Files.writeString(
          configuration,
          """
          version: 0.1
          storage:
            filesystem:
              rootdirectory: %s/data
          http:
            addr: 127.0.0.1:%d
          """
              .formatted(directory, port));
      process =
          new ProcessBuilder("docker-registry", "serve", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("registry.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Patience.until("the registry listens", Duration.ofSeconds(10), this::accepts);
  }

  private boolean accepts() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How a repository in it is called. */
  public String reference(String repository) {
    return "127.0.0.1:" + port + "/" + repository;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
