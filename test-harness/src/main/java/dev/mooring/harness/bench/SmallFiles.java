package dev.mooring.harness.bench;

import static dev.mooring.harness.bench.Content.secondsSince;

import dev.mooring.harness.bench.Metric.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Many files of 4 KiB in one directory. */
final class SmallFiles {
  private static final int STATS = 20_000;

  private SmallFiles() {}

  static List<Workload> all(Scale scale) {
    return List.of(
        new Create(scale.files()),
        new Read(scale.files()),
        new Delete(scale.files()),
        new Stat(scale.files()));
  }

  private record Create(int files) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.SMALL_FILES, "create files of 4 KiB", "files/s");
    }

    @Override
    public double run(Places places) throws IOException {
      long start = System.nanoTime();
      Content.smallFiles(places.mounted(), files);
      return files / secondsSince(start);
    }

    @Override
    public void verify(Places places) throws IOException {
      for (int i = 0; i < files; i++) {
        Content.requireSize(places.served().resolve("f" + i), Content.SMALL_BYTES);
      }
    }
  }

  private record Read(int files) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.SMALL_FILES, "read files of 4 KiB", "files/s");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Content.smallFiles(places.served(), files);
    }

    @Override
    public double run(Places places) throws IOException {
      long start = System.nanoTime();
      for (int i = 0; i < files; i++) {
        if (Files.readAllBytes(places.mounted().resolve("f" + i)).length != Content.SMALL_BYTES) {
          throw new IllegalStateException("bytes are missing in f" + i);
        }
      }
      return files / secondsSince(start);
    }
  }

  private record Delete(int files) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.SMALL_FILES, "rm -r", "files/s");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Content.smallFiles(Files.createDirectory(places.served().resolve("tree")), files);
    }

    @Override
    public double run(Places places) {
      return files / Content.timed("rm -r " + places.mounted().resolve("tree"));
    }

    @Override
    public void verify(Places places) {
      if (Files.exists(places.served().resolve("tree"))) {
        throw new IllegalStateException("the tree is still there");
      }
    }
  }

  private record Stat(int files) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.SMALL_FILES, "stat, names known", "stats/s");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Content.smallFiles(places.served(), files);
    }

    @Override
    public double run(Places places) throws IOException {
      for (int i = 0; i < files; i++) {
        Files.size(places.mounted().resolve("f" + i));
      }
      long start = System.nanoTime();
      for (int i = 0; i < STATS; i++) {
        Files.size(places.mounted().resolve("f" + i % files));
      }
      return STATS / secondsSince(start);
    }
  }
}
