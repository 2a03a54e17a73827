package dev.mooring.harness.bench;

import static dev.mooring.harness.bench.Content.secondsSince;

import dev.mooring.harness.bench.Metric.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Directories: one that is large, and 1000 small files in 50. */
final class Trees {
  private static final int LISTED = 10_000;
  private static final int DIRECTORIES = 50;
  private static final int FILES_EACH = 20;

  private Trees() {}

  static List<Workload> all(Scale scale) {
    return List.of(
        new Listing("ls -l 10k cold", 0),
        new Listing("ls -l 10k warm", 1),
        new Walk("find over 50 directories", "find $d | wc -l", 1 + DIRECTORIES * (1 + FILES_EACH)),
        new Walk("grep -r in 1000 files", "grep -rl content $d | wc -l", DIRECTORIES * FILES_EACH),
        new Walk("tar out of 1000 files", "tar cf - -C $d . | tar tf - | grep -c /f", 1000),
        new Untar(scale.files()));
  }

  /** Makes 1000 files of about 1 KiB in 50 directories. */
  static void make(Path root) throws IOException {
    for (int d = 0; d < DIRECTORIES; d++) {
      Path directory = Files.createDirectories(root.resolve("d" + d));
      for (int f = 0; f < FILES_EACH; f++) {
        Files.writeString(directory.resolve("f" + f), ("content " + d + " " + f + "\n").repeat(80));
      }
    }
  }

  /** {@code ls -l}; {@code before} listings of the same directory are not measured. */
  private record Listing(String name, int before) implements Workload {
    @Override
    public Metric metric() {
      return Metric.seconds(Group.TREES, name);
    }

    @Override
    public void prepare(Places places) throws IOException {
      for (int i = 0; i < LISTED; i++) {
        Files.createFile(places.served().resolve("entry-number-" + i));
      }
    }

    @Override
    public double run(Places places) {
      double seconds = 0;
      for (int i = 0; i <= before; i++) {
        long start = System.nanoTime();
        String listing = Content.shell("ls -l " + places.mounted());
        seconds = secondsSince(start);
        if (listing.lines().count() != LISTED + 1) {
          throw new IllegalStateException("entries are missing in " + places.mounted());
        }
      }
      return seconds;
    }
  }

  /** A pipeline over the tree {@code $d} whose one line of output is a number known beforehand. */
  private record Walk(String name, String pipeline, int counted) implements Workload {
    @Override
    public Metric metric() {
      return Metric.seconds(Group.TREES, name);
    }

    @Override
    public void prepare(Places places) throws IOException {
      make(places.served());
    }

    @Override
    public double run(Places places) {
      long start = System.nanoTime();
      String count = Content.shell("d=" + places.mounted() + "; " + pipeline).strip();
      double seconds = secondsSince(start);
      if (!count.equals(String.valueOf(counted))) {
        throw new IllegalStateException(count + " instead of " + counted + ": " + pipeline);
      }
      return seconds;
    }
  }

  /** An archive with owners and times, unpacked as root into a new tree of ten directories. */
  private record Untar(int files) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.TREES, "tar in as root", "files/s");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Path source = places.local().resolve("source");
      for (int i = 0; i < files; i++) {
        Path directory = Files.createDirectories(source.resolve("d" + i % 10));
        Files.write(directory.resolve("f" + i), new byte[Content.SMALL_BYTES]);
      }
      Content.shell("tar cf " + archive(places) + " -C " + source + " .");
    }

    @Override
    public double run(Places places) {
      return files / Content.timed("tar xf " + archive(places) + " -C " + places.mounted());
    }

    private static Path archive(Places places) {
      return places.local().resolve("archive.tar");
    }

    @Override
    public void verify(Places places) throws IOException {
      for (int i = 0; i < files; i++) {
        Content.requireSize(places.served().resolve("d" + i % 10 + "/f" + i), Content.SMALL_BYTES);
      }
    }
  }
}
