package dev.mooring.sftp;

import dev.mooring.fs.SystemPace;
import dev.mooring.testing.SftpServerProcess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A directory served by OpenSSH's sftp-server, and a channel to it. */
final class ServedDirectory implements AutoCloseable {
  private final SystemPace pace = new SystemPace();
  final Path directory;
  final SftpServerProcess process;
  final SftpChannel sftp;

  ServedDirectory(Path directory, String... arguments) throws Exception {
    this.directory = directory;
    process = SftpServerProcess.start(directory, arguments);
    sftp = get(SftpChannel.open(process, pace, SftpSettings.DEFAULT, 1));
  }

  /** The value, or what the future ended with. */
  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** A path in the directory. */
  RemotePath path(String name) {
    return RemotePath.of(directory.resolve(name).toString());
  }

  /** Makes a file with this content through the channel and leaves it open for both. */
  RemoteHandle file(String name, String content) throws Exception {
    RemoteHandle handle =
        get(
            sftp.open(
                path(name),
                OpenMode.READ | OpenMode.WRITE | OpenMode.CREATE,
                RemoteAttributes.ofMode(0644)));
    get(sftp.write(handle, 0, List.of(bytes(content))));
    return handle;
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    sftp.close();
    pace.close();
  }
}
