package dev.mooring.harness.bench;

import dev.mooring.harness.bench.Metric.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What nobody wrote for a benchmark: git and sqlite. */
final class Programs {
  private static final String GIT = "git -c core.fsync=none ";

  private Programs() {}

  static List<Workload> all(Scale scale) {
    return List.of(
        new Clone(scale.files()),
        new Status(),
        new Transactions("rollback journal", "delete", scale.steps()),
        new Transactions("WAL", "wal", scale.steps()));
  }

  /** Makes a repository of everything below a directory. */
  private static void commitAll(Path directory) {
    Content.shell(
        "cd "
            + directory
            + " && git init -q . && git add . && git -c user.name=bench -c user.email=bench@localhost"
            + " commit -q -m all");
  }

  private record Clone(int files) implements Workload {
    @Override
    public Metric metric() {
      return Metric.seconds(Group.PROGRAMS, "git clone");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Path source = Files.createDirectory(places.local().resolve("source"));
      Content.smallFiles(source, files);
      commitAll(source);
    }

    @Override
    public double run(Places places) {
      Path source = places.local().resolve("source");
      Path clone = places.mounted().resolve("clone");
      return Content.timed(GIT + "clone -q --no-hardlinks " + source + " " + clone);
    }

    @Override
    public void verify(Places places) {
      Content.shell("cd " + places.served().resolve("clone") + " && git fsck --strict");
    }
  }

  /** Over 1000 files in 50 directories, with an index that the server's machine wrote. */
  private record Status() implements Workload {
    @Override
    public Metric metric() {
      return Metric.seconds(Group.PROGRAMS, "git status");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Trees.make(places.served());
      // Older than the index, or git would have to read what changed in the same second.
      Content.shell("find " + places.served() + " -exec touch -d '1 hour ago' {} +");
      commitAll(places.served());
    }

    @Override
    public double run(Places places) {
      return Content.timed(
          "test -z \"$(" + GIT + "-C " + places.mounted() + " status --porcelain)\"");
    }
  }

  private record Transactions(String name, String journal, int count) implements Workload {
    @Override
    public Metric metric() {
      return Metric.rate(Group.PROGRAMS, "sqlite, " + name, "transactions/s");
    }

    @Override
    public void prepare(Places places) throws IOException {
      Files.writeString(
          places.local().resolve("sql"),
          "INSERT INTO t(v) VALUES('some value of a row');\n".repeat(count));
      Content.shell(
          "sqlite3 "
              + places.served().resolve("db")
              + " 'PRAGMA journal_mode="
              + journal
              + "; CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)'");
    }

    @Override
    public double run(Places places) {
      Path database = places.mounted().resolve("db");
      return count / Content.timed("sqlite3 " + database + " <" + places.local().resolve("sql"));
    }

    @Override
    public void verify(Places places) {
      String counted =
          Content.shell(
              "sqlite3 "
                  + places.served().resolve("db")
                  + " 'PRAGMA integrity_check; SELECT count(*) FROM t'");
      if (!counted.equals("ok\n" + count + "\n")) {
        throw new IllegalStateException("sqlite counts " + counted);
      }
    }
  }
}
