package dev.mooring.harness.soak;

import dev.mooring.harness.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What people run, with the checks that these programs bring along. */
final class Programs {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Path mount;
  private final Path onServer;
  private final Path local;
  private final AtomicLong exercised = new AtomicLong();

  /**
   * On one mount.
   *
   * @param onServer the directory that it shows
   * @param local a directory beside it, for what is compared
   */
  Programs(Path mount, Path onServer, Path local) {
    this.mount = mount;
    this.onServer = onServer;
    this.local = local;
  }

  /** A thing to do again and again. */
  private record Named(String name, Pass once) implements Work {
    @Override
    public void pass() throws IOException {
      once.run();
    }
  }

  @FunctionalInterface
  private interface Pass {
    void run() throws IOException;
  }

  /** All of them. */
  List<Work> all(long seed) throws IOException {
    makeSources(seed);
    return List.of(
        new Named("exerciser with mmap", () -> exercise(seed + exercised.incrementAndGet())),
        new Named("fio with verification", this::fio),
        new Named("sqlite with integrity_check", this::sqlite),
        new Named("git with fsck", this::git),
        new Named("rsync round trip", this::rsync));
  }

  private void makeSources(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path sources = Files.createDirectories(local.resolve("sources"));
    for (int i = 0; i < 60; i++) {
      Path dir = Files.createDirectories(sources.resolve("dir" + i % 7));
      byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 400_000 : 9_000)];
      random.nextBytes(bytes);
      Files.write(dir.resolve("file" + i), bytes);
    }
    Files.createSymbolicLink(sources.resolve("link"), Path.of("dir1/file1"));
  }

  private void exercise(long seed) {
    run(Exerciser.command(mount.resolve("exercised"), onServer.resolve("exercised"), seed));
  }

  private static String run(String... words) {
    return Command.of(words).within(LONGEST).run().orThrow().output();
  }

  private void fio() {
    run(
        "fio",
        "--name=verify",
        "--filename=" + mount.resolve("fio.dat"),
        "--size=8m",
        "--rw=randwrite",
        "--bsrange=4k-64k",
        "--ioengine=psync",
        "--fsync=16",
        "--verify=crc32c",
        "--verify_fatal=1",
        "--do_verify=1",
        "--verify_state_save=0",
        "--invalidate=1");
    run("rm", mount.resolve("fio.dat").toString());
  }

  private void sqlite() throws IOException {
    Path database = mount.resolve("soak.db");
    run("sqlite3", database.toString(), "create table t(n integer primary key, v blob)");
    int rows = 0;
    for (int i = 0; i < 12; i++) {
      run(
          "sqlite3",
          database.toString(),
          "pragma synchronous=full",
          "begin",
          "insert into t(v) with recursive c(x) as (select 1 union all select x+1 from c where x<20)"
              + " select randomblob(2000) from c",
          "commit");
      rows += 20;
    }
    expect("ok", run("sqlite3", database.toString(), "pragma integrity_check"));
    expect("" + rows, run("sqlite3", database.toString(), "select count(*) from t"));
    Path copy = Files.copy(onServer.resolve("soak.db"), local.resolve("soak.db"));
    expect("ok", run("sqlite3", copy.toString(), "pragma integrity_check"));
    expect("" + rows, run("sqlite3", copy.toString(), "select count(*) from t"));
    Files.delete(copy);
    Files.delete(database);
  }

  private static void expect(String wanted, String found) {
    if (!found.strip().equals(wanted)) {
      throw new IllegalStateException("sqlite says " + found.strip() + ", not " + wanted);
    }
  }

  private void git() throws IOException {
    Path tree = mount.resolve("tree");
    String in = tree.toString();
    run("git", "init", "-q", "-b", "main", in);
    for (int i = 0; i < 4; i++) {
      run("cp", "-r", local.resolve("sources/dir" + i).toString(), in);
      run("git", "-C", in, "add", "-A");
      run(
          "git",
          "-C",
          in,
          "-c",
          "user.name=Soak",
          "-c",
          "user.email=soak@localhost",
          "commit",
          "-q",
          "-m",
          "Add directory " + i);
    }
    run("git", "-C", in, "fsck", "--strict");
    String left = run("git", "-C", in, "status", "--porcelain");
    if (!left.isEmpty()) {
      throw new IllegalStateException("git status says " + left);
    }
    run("git", "-C", onServer.resolve("tree").toString(), "-c", "safe.directory=*", "fsck");
    delete(tree);
  }

  private void rsync() throws IOException {
    Path there = mount.resolve("copy");
    Path back = local.resolve("back");
    run("rsync", "-a", local.resolve("sources") + "/", there + "/");
    run("rsync", "-a", there + "/", back + "/");
    run("diff", "-r", local.resolve("sources").toString(), back.toString());
    run("diff", "-r", local.resolve("sources").toString(), onServer.resolve("copy").toString());
    delete(back);
    delete(there);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
