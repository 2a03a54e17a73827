package dev.mooring.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this process has at present that a test may forget to give back, each with a name. */
final class Leavings {
  private static final String FUSE_DEVICE = "/dev/fuse";

  /** Daemon threads that belong to something that can be closed; all others must, too, end. */
  private static final Pattern OUR_DAEMONS =
      Pattern.compile("(mooring-|sshd-|ssh-connect-|sftp-server-|contract-).*");

  /**
   * Threads that stay on for the next who needs them: of the test libraries, and MINA's pool, one
   * for all sessions, that sends what waited for an exchange of keys and ends after an idle minute.
   */
  private static final Pattern SHARED =
      Pattern.compile("(awaitility-|junit-|surefire-|sshd-kex-flusher-thread-).*");

  private Leavings() {}

  /** Everything that is there now. */
  static List<String> present() {
    List<String> all = new ArrayList<>();
    threads(all);
    processes(all);
    mounts(all);
    descriptors(all);
    return all;
  }

  private static void threads(List<String> all) {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (!SHARED.matcher(name).matches()
          && (!thread.isDaemon() || OUR_DAEMONS.matcher(name).matches())) {
        all.add("thread %s (%d)".formatted(name, thread.threadId()));
      }
    }
  }

  private static void processes(List<String> all) {
    ProcessHandle.current()
        .children()
        .filter(ProcessHandle::isAlive)
        .forEach(child ->
            all.add(
                "process %d %s".formatted(child.pid(), child.info().commandLine().orElse("?"))));
  }

  /** The fifth field of mountinfo (proc_pid_mountinfo(5)) is the mount point. */
  private static void mounts(List<String> all) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      lines
          .map(line -> line.split(" ", 6)[4])
          .filter(mountPoint -> mountPoint.startsWith(OwnTempDirectories.prefix()))
          .forEach(mountPoint -> all.add("mount " + mountPoint));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void descriptors(List<String> all) {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      open.forEach(descriptor -> {
        String target = target(descriptor);
        if (target.equals(FUSE_DEVICE) || target.startsWith(OwnTempDirectories.prefix())) {
          all.add("descriptor %s of %s".formatted(descriptor.getFileName(), target));
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "(closed meanwhile)";
    }
  }
}
