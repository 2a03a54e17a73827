package dev.mooring.harness.bench;

import dev.mooring.harness.Command;
import dev.mooring.harness.bench.Metric.Better;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is measured.
 *
 * @param mebibytes how much is streamed
 * @param files how many small files there are
 */
record Workloads(int mebibytes, int files) {
  private static final int CHUNK = 1 << 20;
  private static final int LISTED = 10_000;
  private static final int SMALL_BYTES = 4096;
  private static final int STATS = 20_000;

  /** Sizes for a round trip: on a long one, less, so that a run ends in reasonable time. */
  static Workloads forRoundTrip(int millis) {
    return millis == 0 ? new Workloads(512, 1000) : new Workloads(64, 100);
  }

  List<Workload> all() {
    return List.of(
        read(),
        write(),
        list("ls -l 10k cold", 0),
        list("ls -l 10k warm", 1),
        create(),
        readSmall(),
        stat());
  }

  private Workload read() {
    return new Workload(
        new Metric("sequential read", "MB/s", Better.HIGHER, true),
        mebibytes / 1024.0,
        new Workload.Body() {
          @Override
          public void prepare(Path served, int run) throws IOException {
            fill(served.resolve("read." + run), mebibytes);
          }

          @Override
          public double run(Path mounted, int run) throws IOException {
            long start = System.nanoTime();
            long bytes = drain(mounted.resolve("read." + run));
            return megabytesPerSecond(bytes, start);
          }

          @Override
          public void clean(Path served, int run) throws IOException {
            Files.delete(served.resolve("read." + run));
          }
        });
  }

  private Workload write() {
    return new Workload(
        new Metric("sequential write", "MB/s", Better.HIGHER, true),
        mebibytes / 1024.0,
        new Workload.Body() {
          @Override
          public void prepare(Path served, int run) {}

          @Override
          public double run(Path mounted, int run) throws IOException {
            long start = System.nanoTime();
            fill(mounted.resolve("write." + run), mebibytes);
            return megabytesPerSecond((long) mebibytes * CHUNK, start);
          }

          @Override
          public void clean(Path served, int run) throws IOException {
            Path file = served.resolve("write." + run);
            if (Files.size(file) != (long) mebibytes * CHUNK) {
              throw new IllegalStateException("bytes are missing in " + file);
            }
            Files.delete(file);
          }
        });
  }

  /** {@code ls -l}; {@code before} listings of the same directory are not measured. */
  private Workload list(String name, int before) {
    return new Workload(
        new Metric(name, "s", Better.LOWER, true),
        0,
        new Workload.Body() {
          @Override
          public void prepare(Path served, int run) throws IOException {
            Path directory = Files.createDirectory(served.resolve("list." + run));
            for (int i = 0; i < LISTED; i++) {
              Files.createFile(directory.resolve("entry-number-" + i));
            }
          }

          @Override
          public double run(Path mounted, int run) {
            String directory = mounted.resolve("list." + run).toString();
            double seconds = 0;
            for (int i = 0; i <= before; i++) {
              long start = System.nanoTime();
              String listing = Command.of("ls", "-l", directory).run().orThrow().output();
              seconds = secondsSince(start);
              if (listing.lines().count() != LISTED + 1) {
                throw new IllegalStateException("entries are missing in " + directory);
              }
            }
            return seconds;
          }

          @Override
          public void clean(Path served, int run) {
            removeTree(served.resolve("list." + run));
          }
        });
  }

  private Workload create() {
    return new Workload(
        new Metric("create files of 4 KiB", "files/s", Better.HIGHER, true),
        0,
        new Workload.Body() {
          @Override
          public void prepare(Path served, int run) throws IOException {
            Files.createDirectory(served.resolve("create." + run));
          }

          @Override
          public double run(Path mounted, int run) throws IOException {
            long start = System.nanoTime();
            makeSmallFiles(mounted.resolve("create." + run));
            return files / secondsSince(start);
          }

          @Override
          public void clean(Path served, int run) {
            removeTree(served.resolve("create." + run));
          }
        });
  }

  private Workload readSmall() {
    return new Workload(
        new Metric("read files of 4 KiB", "files/s", Better.HIGHER, true),
        0,
        new Workload.Body() {
          @Override
          public void prepare(Path served, int run) throws IOException {
            makeSmallFiles(Files.createDirectory(served.resolve("small." + run)));
          }

          @Override
          public double run(Path mounted, int run) throws IOException {
            Path directory = mounted.resolve("small." + run);
            long start = System.nanoTime();
            for (int i = 0; i < files; i++) {
              if (Files.readAllBytes(directory.resolve("f" + i)).length != SMALL_BYTES) {
                throw new IllegalStateException("bytes are missing in " + directory);
              }
            }
            return files / secondsSince(start);
          }

          @Override
          public void clean(Path served, int run) {
            removeTree(served.resolve("small." + run));
          }
        });
  }

  private Workload stat() {
    return new Workload(
        new Metric("stat, names known", "stats/s", Better.HIGHER, true),
        0,
        new Workload.Body() {
          @Override
          public void prepare(Path served, int run) throws IOException {
            makeSmallFiles(Files.createDirectory(served.resolve("stat." + run)));
          }

          @Override
          public double run(Path mounted, int run) throws IOException {
            Path directory = mounted.resolve("stat." + run);
            for (int i = 0; i < files; i++) {
              Files.size(directory.resolve("f" + i));
            }
            long start = System.nanoTime();
            for (int i = 0; i < STATS; i++) {
              Files.size(directory.resolve("f" + i % files));
            }
            return STATS / secondsSince(start);
          }

          @Override
          public void clean(Path served, int run) {
            removeTree(served.resolve("stat." + run));
          }
        });
  }

  private void makeSmallFiles(Path directory) throws IOException {
    byte[] content = new byte[SMALL_BYTES];
    new SplittableRandom(1).nextBytes(content);
    for (int i = 0; i < files; i++) {
      Files.write(directory.resolve("f" + i), content, StandardOpenOption.CREATE_NEW);
    }
  }

  private static void fill(Path file, int mebibytes) throws IOException {
    byte[] content = new byte[CHUNK];
    new SplittableRandom(2).nextBytes(content);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).put(content).flip();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < mebibytes; i++) {
        channel.write(chunk.rewind());
      }
    }
  }

  private long drain(Path file) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long bytes = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int n = channel.read(chunk); n >= 0; n = channel.read(chunk.clear())) {
        bytes += n;
      }
    }
    if (bytes != (long) mebibytes * CHUNK) {
      throw new IllegalStateException(bytes + " bytes in " + file);
    }
    return bytes;
  }

  private static void removeTree(Path directory) {
    Command.of("rm", "-rf", directory.toString()).within(Duration.ofMinutes(2)).run().orThrow();
  }

  private static double megabytesPerSecond(long bytes, long startNanos) {
    return bytes / 1e6 / secondsSince(startNanos);
  }

  private static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
