package dev.mooring.fs.remote;

import dev.mooring.sftp.SftpClient;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of the server's handles may be open for what nobody has asked for yet: a quarter of what
 * it has. Thread-safe.
 */
final class Allowance {
  private static final int WHERE_UNKNOWN = 32;
  private static final int MOST = 256;

  private final SftpClient client;
  private final AtomicInteger taken = new AtomicInteger();

  Allowance(SftpClient client) {
    this.client = client;
  }

  /** Takes one, to be given back; false when there is none left. */
  boolean take() {
    int handles = client.limits().maxHandles();
    int most = handles == 0 ? WHERE_UNKNOWN : Math.clamp(handles / 4, 1, MOST);
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      return false;
    }
    return true;
  }

  void giveBack() {
    taken.decrementAndGet();
  }
}
