package dev.mooring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves the terminal: the same program is started once more, in a session of its own, and this one
 * ends as soon as the other says that its mount is usable, or with the other's exit status.
 *
 * <p>The arguments go through the other's stdin and not on its command line, which everybody on the
 * machine can read for as long as it runs. Its stdout is the pipe on which it says that it is
 * ready; its stderr is ours until then.
 */
final class Background {
  /** Tells the program that it is the other. */
  static final String CHILD = "--background-child";

  private static final String READY = "ready";

  private Background() {}

  /**
   * Starts the other and answers with which status this one is to end.
   *
   * @param arguments all of this process, the command's name first
   */
  static int launch(List<String> arguments) throws IOException {
    Process child =
        new ProcessBuilder(command(arguments.size()))
            .directory(Path.of("/").toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream stdin = child.getOutputStream()) {
      for (String argument : arguments.subList(1, arguments.size())) {
        stdin.write(argument.getBytes(StandardCharsets.UTF_8));
        stdin.write(0);
      }
    }
    try (BufferedReader stdout = child.inputReader(StandardCharsets.UTF_8)) {
      return READY.equals(stdout.readLine()) ? 0 : child.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** In the other: the arguments that it was started with. */
  static List<String> arguments(InputStream stdin) throws IOException {
    String text = new String(stdin.readAllBytes(), StandardCharsets.UTF_8);
    return List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }

  /**
   * In the other: lets the launcher end. Java puts /dev/null in the place of stdout and stderr when
   * they are closed.
   */
  static void ready() {
    System.out.println(READY);
    System.out.close();
    System.err.close();
  }

  /** Our own command line without its arguments, with the working directory made explicit. */
  private static List<String> command(int arguments) throws IOException {
    String[] own =
        Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8).split("\0");
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(own[0]);
    command.add("-Duser.dir=" + Path.of("").toAbsolutePath());
    command.addAll(List.of(own).subList(1, own.length - arguments));
    command.add("mount");
    command.add(CHILD);
    return command;
  }
}
