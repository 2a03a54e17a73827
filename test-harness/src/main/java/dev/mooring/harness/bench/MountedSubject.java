package dev.mooring.harness.bench;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import dev.mooring.harness.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A subject that is mounted and serving. */
final class MountedSubject implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100;
  private static final String MARK = "MOORING_BENCH_SUBJECT";

  private final Subject subject;
  private final Path mountPoint;
  private final Path log;
  private final String mark = UUID.randomUUID().toString();
  private final Process process;
  private final List<Path> processes;

  MountedSubject(Subject subject, Subject.Target target, Path mountPoint, Path log) {
    this.subject = subject;
    this.mountPoint = mountPoint;
    this.log = log;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(subject.command(target, mountPoint))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put(MARK, mark);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + subject.name(), e);
    }
    Patience.until(subject.name() + " mounts, see " + log, Duration.ofSeconds(20), this::isMounted);
    processes = markedProcesses();
  }

  Subject subject() {
    return subject;
  }

  Path mountPoint() {
    return mountPoint;
  }

  /** User and system time of all its processes so far, in seconds. */
  double cpuSeconds() {
    return processes.stream().mapToDouble(MountedSubject::cpuSeconds).sum();
  }

  /** Resident memory of all its processes, in MB. */
  double residentMegabytes() {
    return processes.stream().mapToDouble(MountedSubject::residentMegabytes).sum();
  }

  /**
   * All processes that inherited this subject's mark. sshfs starts ssh as a grandchild whose parent
   * is gone, so that asking for descendants would miss the half of its work.
   */
  private List<Path> markedProcesses() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .filter(this::isMarked)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isMarked(Path process) {
    try {
      return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
          .contains(MARK + "=" + mark);
    } catch (IOException e) {
      return false; // It has just ended.
    }
  }

  /**
   * Fields 14 and 15 of /proc/PID/stat (proc(5)), counted behind the name in parentheses; nothing
   * for a process that has ended.
   */
  private static double cpuSeconds(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double residentMegabytes(Path process) {
    try (Stream<String> lines = Files.lines(process.resolve("status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          * 1024
          / 1e6;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isMounted() {
    if (!process.isAlive()) {
      throw new IllegalStateException(subject.name() + " ended, see " + log);
    }
    return Workspace.mountsBelow(mountPoint).contains(mountPoint);
  }

  @Override
  public void close() {
    Command.of("umount", mountPoint.toString()).run().orThrow();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(subject.name() + " did not end when it was unmounted");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
