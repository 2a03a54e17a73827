package dev.mooring.ssh.mina;

import dev.mooring.ssh.ServerText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The end of what a program on the server wrote to its standard error. Thread-safe. */
final class ErrorText {
  private static final int MAX_BYTES = 1024;

  private byte[] last = new byte[0];

  synchronized void append(byte[] data, int offset, int length) {
    byte[] all = Arrays.copyOf(last, last.length + length);
    System.arraycopy(data, offset, all, last.length, length);
    last = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_BYTES), all.length);
  }

  /** The text behind a colon, escaped; empty if there is none. */
  synchronized String quoted() {
    String text = ServerText.escape(new String(last, StandardCharsets.UTF_8));
    return text.isEmpty() ? "" : ": " + text;
  }
}
