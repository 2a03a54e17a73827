package dev.mooring.ssh.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel's tables of TCP connections say. */
final class TcpTable {
  private static final Logger log = LoggerFactory.getLogger(TcpTable.class);
  private static final String ESTABLISHED = "01";

  private TcpTable() {}

  /**
   * How often in a row the kernel has sent the same bytes of this connection without their being
   * confirmed; 0 if it is not known. Reads files.
   */
  static int retransmissions(SocketAddress local, SocketAddress remote) {
    return Math.max(
        retransmissions(Path.of("/proc/net/tcp6"), local, remote),
        retransmissions(Path.of("/proc/net/tcp"), local, remote));
  }

  /** The same, of one of the tables. */
  static int retransmissions(Path table, SocketAddress local, SocketAddress remote) {
    try (Stream<String> lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split(" +", -1))
          .filter(columns ->
              columns.length > 6
                  && columns[1].endsWith(port(local))
                  && columns[2].endsWith(port(remote))
                  && columns[3].equals(ESTABLISHED))
          .mapToInt(columns -> Integer.parseInt(columns[6], 16))
          .max()
          .orElse(0);
    } catch (IOException | RuntimeException e) {
      log.debug("{} does not say how connections are: {}", table, e.toString());
      return 0;
    }
  }

  private static String port(SocketAddress address) {
    return address instanceof InetSocketAddress internet
        ? String.format(Locale.ROOT, ":%04X", internet.getPort())
        : ":";
  }
}
