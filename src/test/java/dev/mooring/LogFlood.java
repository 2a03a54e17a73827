package dev.mooring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of its own that logs as the plugin does; {@link LogsIT} stands where dockerd stands.
 */
final class LogFlood {
  private static final Logger log = LoggerFactory.getLogger(LogFlood.class);

  private LogFlood() {}

  /**
   * Logs so many lines to stdout, says so on stderr, and ends when stdin does.
   *
   * @param arguments how many lines
   */
  public static void main(String[] arguments) throws Exception {
    Logs.toConsole(false);
    int lines = Integer.parseInt(arguments[0]);
    for (int i = 0; i < lines; i++) {
      log.info("line {}: {}", i, "x".repeat(100));
    }
    System.err.println("logged");
    while (System.in.read() >= 0) {
      log.info("one more\nERROR that the server made up");
    }
    Logs.flush();
  }
}
