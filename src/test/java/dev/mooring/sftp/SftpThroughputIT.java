package dev.mooring.sftp;

import static dev.mooring.sftp.ServedDirectory.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many requests and many bytes against OpenSSH's sftp-server; speed is printed, never asserted. */
@Timeout(120)
class SftpThroughputIT {
  private static final int FILE_BYTES = 64 << 20;
  private static final int REQUEST_BYTES = 261_120;

  @TempDir Path directory;

  @Test
  void tenThousandRequestsArePipelined() throws Exception {
    try (ServedDirectory served = new ServedDirectory(directory)) {
      served.file("file", "12345");
      RemotePath path = served.path("file");
      for (int round = 0; round < 4; round++) {
        long began = System.nanoTime();
        List<CompletableFuture<RemoteAttributes>> replies = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
          replies.add(served.sftp.lstat(path));
        }
        for (CompletableFuture<RemoteAttributes> reply : replies) {
          assertThat(get(reply).size()).isEqualTo(5);
        }
        report("LSTAT, 10 000 pipelined, per second", 10_000.0, began);
      }
    }
  }

  @Test
  void largeFileGoesThroughUnharmed() throws Exception {
    byte[] content = new byte[FILE_BYTES];
    new Random(7).nextBytes(content);
    ByteBuffer received = ByteBuffer.allocateDirect(FILE_BYTES);
    try (ServedDirectory served = new ServedDirectory(directory)) {
      RemoteHandle handle = served.file("file", "");
      for (int round = 0; round < 4; round++) {
        write(served.sftp, handle, content);
        read(served.sftp, handle, received);
      }
    }
    assertThat(received).isEqualTo(ByteBuffer.wrap(content));
    assertThat(Files.readAllBytes(directory.resolve("file"))).isEqualTo(content);
  }

  private static void write(SftpClient sftp, RemoteHandle handle, byte[] content) throws Exception {
    long began = System.nanoTime();
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int at = 0; at < content.length; at += REQUEST_BYTES) {
      int length = Math.min(REQUEST_BYTES, content.length - at);
      writes.add(sftp.write(handle, at, List.of(ByteBuffer.wrap(content, at, length))));
    }
    for (CompletableFuture<Void> write : writes) {
      get(write);
    }
    report("WRITE, MB/s", content.length / 1e6, began);
  }

  private static void read(SftpClient sftp, RemoteHandle handle, ByteBuffer received)
      throws Exception {
    long began = System.nanoTime();
    List<CompletableFuture<Integer>> reads = new ArrayList<>();
    for (int at = 0; at < received.capacity(); at += REQUEST_BYTES) {
      int length = Math.min(REQUEST_BYTES, received.capacity() - at);
      reads.add(sftp.read(handle, at, received.slice(at, length)));
    }
    int bytes = 0;
    for (CompletableFuture<Integer> read : reads) {
      bytes += get(read);
    }
    assertThat(bytes).isEqualTo(received.capacity());
    report("READ, MB/s", received.capacity() / 1e6, began);
  }

  private static void report(String what, double amount, long began) {
    System.out.printf("%s: %.0f%n", what, amount / ((System.nanoTime() - began) / 1e9));
  }
}
