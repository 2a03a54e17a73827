package dev.mooring.harness.bench;

import static dev.mooring.harness.bench.Content.CHUNK;
import static dev.mooring.harness.bench.Content.secondsSince;

import dev.mooring.harness.bench.Metric.Group;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;

/** One large file, read or written. */
final class Streams {
  private static final int PAGE = 4096;

  private Streams() {}

  /** The two that are also measured over the longest way. */
  static List<Workload> sequential(Scale scale) {
    return List.of(new Read(scale.mebibytes()), new Write(scale.mebibytes()));
  }

  static List<Workload> all(Scale scale) {
    return List.of(
        new Read(scale.mebibytes()),
        new Write(scale.mebibytes()),
        new RandomRead(64, scale.steps() * 4),
        new Append(scale.steps() * 4));
  }

  private record Read(int mebibytes) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.STREAMS, "sequential read", "MB/s");
    }

    @Override
    public double gibibytes() {
      return mebibytes / 1024.0;
    }

    @Override
    public void prepare(Places places) throws IOException {
      Content.fill(places.served().resolve("file"), mebibytes);
    }

    @Override
    public double run(Places places) throws IOException {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      long bytes = 0;
      long start = System.nanoTime();
      try (FileChannel channel = FileChannel.open(places.mounted().resolve("file"))) {
        for (int n = channel.read(chunk); n >= 0; n = channel.read(chunk.clear())) {
          bytes += n;
        }
      }
      if (bytes != (long) mebibytes * CHUNK) {
        throw new IllegalStateException(bytes + " bytes were read");
      }
      return bytes / 1e6 / secondsSince(start);
    }
  }

  private record Write(int mebibytes) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.STREAMS, "sequential write", "MB/s");
    }

    @Override
    public double gibibytes() {
      return mebibytes / 1024.0;
    }

    @Override
    public double run(Places places) throws IOException {
      long start = System.nanoTime();
      Content.fill(places.mounted().resolve("file"), mebibytes);
      return mebibytes * (double) CHUNK / 1e6 / secondsSince(start);
    }

    @Override
    public void verify(Places places) throws IOException {
      Content.requireSize(places.served().resolve("file"), (long) mebibytes * CHUNK);
    }
  }

  private record RandomRead(int mebibytes, int reads) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.STREAMS, "random read of 4 KiB", "reads/s");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Content.fill(places.served().resolve("file"), mebibytes);
    }

    @Override
    public double run(Places places) throws IOException {
      SplittableRandom random = new SplittableRandom(3);
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
      long start = System.nanoTime();
      try (FileChannel channel = FileChannel.open(places.mounted().resolve("file"))) {
        for (int i = 0; i < reads; i++) {
          long at = (long) random.nextInt(mebibytes * (CHUNK / PAGE)) * PAGE;
          if (channel.read(page.clear(), at) != PAGE) {
            throw new IllegalStateException("a short read at " + at);
          }
        }
      }
      return reads / secondsSince(start);
    }
  }

  private record Append(int appends) implements Workload {
    private static final int LINE = 100;

    @Override
    public Metric metric() {
      return Metric.rate(Group.STREAMS, "append of 100 B to an open file", "appends/s");
    }

    @Override
    public double run(Places places) throws IOException {
      ByteBuffer line = ByteBuffer.allocateDirect(LINE);
      long start = System.nanoTime();
      try (FileChannel channel =
          FileChannel.open(
              places.mounted().resolve("log"),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND)) {
        for (int i = 0; i < appends; i++) {
          channel.write(line.rewind());
        }
      }
      return appends / secondsSince(start);
    }

    @Override
    public void verify(Places places) throws IOException {
      Content.requireSize(places.served().resolve("log"), (long) appends * LINE);
    }
  }
}
