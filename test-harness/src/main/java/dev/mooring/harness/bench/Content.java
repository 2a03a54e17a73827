package dev.mooring.harness.bench;

import dev.mooring.harness.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.SplittableRandom;

/** What workloads write and read, and how they take the time. */
final class Content {
  static final int CHUNK = 1 << 20;
  static final int SMALL_BYTES = 4096;

  private Content() {}

  /** Writes a new file of so many MiB, a MiB at a time. */
  static void fill(Path file, int mebibytes) throws IOException {
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

  /** Makes {@code f0}, {@code f1} and so on, of 4 KiB each. */
  static void smallFiles(Path directory, int count) throws IOException {
    byte[] content = new byte[SMALL_BYTES];
    new SplittableRandom(1).nextBytes(content);
    for (int i = 0; i < count; i++) {
      Files.write(directory.resolve("f" + i), content, StandardOpenOption.CREATE_NEW);
    }
  }

  /** Throws unless a file on the server is as long as it must be. */
  static void requireSize(Path file, long bytes) throws IOException {
    if (Files.size(file) != bytes) {
      throw new IllegalStateException(Files.size(file) + " instead of " + bytes + " B: " + file);
    }
  }

  /** Runs a shell's command line and answers how long it took. */
  static double timed(String commandLine) {
    long start = System.nanoTime();
    shell(commandLine);
    return secondsSince(start);
  }

  /** Runs a shell's command line and answers what it printed. */
  static String shell(String commandLine) {
    return Command.of("sh", "-c", "set -e; " + commandLine)
        .within(Duration.ofMinutes(5))
        .run()
        .orThrow()
        .output();
  }

  static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
