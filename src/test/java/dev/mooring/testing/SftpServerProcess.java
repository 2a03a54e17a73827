package dev.mooring.testing;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * OpenSSH's own sftp-server behind waist B, over a pipe and without SSH: the real protocol partner
 * for tests, with a round trip of microseconds.
 */
public final class SftpServerProcess implements SubsystemChannel {
  /** Where Debian puts it. */
  public static final Path PROGRAM = Path.of("/usr/lib/openssh/sftp-server");

  private static final int BUFFER_BYTES = 512 * 1024;
  private static final List<ByteBuffer> END = List.of();

  private final Process process;
  private final BlockingQueue<List<ByteBuffer>> queue = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  private SftpServerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param directory where relative paths begin, as the login directory of a user
   * @param arguments as in sftp-server(8): {@code -R} read-only, {@code -P request,...} denied
   *     requests, {@code -u umask}
   */
  public static SftpServerProcess start(Path directory, String... arguments) throws IOException {
    return start(directory, List.of(), arguments);
  }

  /** One that can have so many files open. */
  public static SftpServerProcess limitedTo(int files, Path directory) throws IOException {
    return start(directory, List.of("prlimit", "--nofile=" + files));
  }

  private static SftpServerProcess start(Path directory, List<String> by, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(by);
    command.addAll(List.of(PROGRAM.toString(), "-e", "-l", "ERROR"));
    command.addAll(List.of(arguments));
    return new SftpServerProcess(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Whether OpenSSH's sftp-server is installed here. */
  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  @Override
  public void start(Receiver receiver) {
    Thread.ofPlatform().daemon().name("sftp-server-out").start(() -> receive(receiver));
    Thread.ofPlatform().daemon().name("sftp-server-in").start(this::transmit);
  }

  @Override
  public void send(List<ByteBuffer> packet) {
    if (!closed) {
      queue.add(packet);
    }
  }

  /** Ends the process at once, as a crash of the server would. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    closed = true;
    queue.add(END);
    process.destroyForcibly();
  }

  private void receive(Receiver receiver) {
    byte[] buffer = new byte[BUFFER_BYTES];
    ConnectionLost cause = new ConnectionLost("sftp-server has ended");
    try (InputStream out = process.getInputStream()) {
      for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
        receiver.received(ByteBuffer.wrap(buffer, 0, n));
      }
    } catch (IOException | RuntimeException e) {
      cause = new ConnectionLost("sftp-server: " + e.getMessage(), e);
    }
    close();
    receiver.closed(cause);
  }

  private void transmit() {
    byte[] buffer = new byte[BUFFER_BYTES];
    int filled = 0;
    try (OutputStream in = process.getOutputStream()) {
      for (List<ByteBuffer> packet = queue.take(); packet != END; packet = queue.take()) {
        for (ByteBuffer part : packet) {
          if (part.remaining() > buffer.length - filled) {
            in.write(buffer, 0, filled);
            filled = 0;
          }
          part.get(part.position(), buffer, filled, part.remaining());
          filled += part.remaining();
        }
        if (queue.isEmpty()) {
          in.write(buffer, 0, filled);
          in.flush();
          filled = 0;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The process has ended; its output ends too, and receive() tells the receiver.
      closed = true;
    }
  }
}
