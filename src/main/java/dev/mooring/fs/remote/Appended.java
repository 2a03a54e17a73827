package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out how many of the appending writes whose replies were lost are in the file: by its
 * length, and by its last bytes, which must be ours. Nothing here waits.
 */
final class Appended {
  /** It cannot be told. */
  static final int UNCLEAR = -1;

  private Appended() {}

  /**
   * How many of the first are there.
   *
   * @param lost in the order in which they were sent
   * @return ends with the number or {@link #UNCLEAR}, or with the loss of the connection
   */
  static CompletableFuture<Integer> howMany(
      SftpClient client, RemoteHandle handle, List<PendingWrite.Extent> lost) {
    long before = lost.getFirst().endBefore();
    return client
        .fstat(handle)
        .thenCompose(now -> {
          Long size = now.size();
          int count = before < 0 || size == null ? UNCLEAR : count(lost, size - before);
          return count <= 0 || size == null
              ? CompletableFuture.completedFuture(count)
              : confirmed(client, handle, lost.subList(0, count), size);
        })
        .exceptionallyCompose(failed ->
            Wire.cause(failed) instanceof SftpException
                ? CompletableFuture.completedFuture(UNCLEAR)
                : CompletableFuture.failedFuture(Wire.cause(failed)));
  }

  private static int count(List<PendingWrite.Extent> lost, long grown) {
    long sum = 0;
    for (int count = 0; count <= lost.size(); count++) {
      if (sum == grown) {
        return count;
      }
      sum += count < lost.size() ? lost.get(count).length() : 0;
    }
    return UNCLEAR;
  }

  private static CompletableFuture<Integer> confirmed(
      SftpClient client, RemoteHandle handle, List<PendingWrite.Extent> there, long size) {
    List<ByteBuffer> parts = there.stream().flatMap(extent -> extent.parts().stream()).toList();
    int total = there.stream().mapToInt(PendingWrite.Extent::length).sum();
    int length = Math.min(Math.min(total, Footprint.MAX_BYTES), client.limits().maxReadBytes());
    ByteBuffer found = ByteBuffer.allocate(length);
    ByteBuffer ours = Footprint.tail(parts, length);
    return client
        .read(handle, size - length, found)
        .thenApply(count -> count == length && found.equals(ours) ? there.size() : UNCLEAR);
  }

  /** What a caller is told of appended bytes whose fate is not known. */
  static ErrnoException unclear() {
    return new ErrnoException(
        Errno.EIO, "the connection was lost and it cannot be told whether bytes were appended");
  }
}
