package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel.Receiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a channel delivers. */
final class Recording implements Receiver {
  private final byte[] bytes;
  private final CompletableFuture<Void> full = new CompletableFuture<>();
  private final CompletableFuture<ConnectionLost> end = new CompletableFuture<>();
  private final AtomicInteger ends = new AtomicInteger();
  private int length;

  /** Of so many bytes at most. */
  Recording(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  @Override
  public void received(ByteBuffer part) {
    int count = part.remaining();
    part.get(bytes, length, count);
    length += count;
    if (length == bytes.length) {
      full.complete(null);
    }
  }

  @Override
  public void closed(ConnectionLost cause) {
    ends.incrementAndGet();
    end.complete(cause);
  }

  /** All bytes, when as many as expected have come. */
  byte[] await() throws Exception {
    full.get(60, TimeUnit.SECONDS);
    return bytes;
  }

  /** Why it closed. */
  ConnectionLost awaitEnd() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  /** How often it has closed. */
  int ends() {
    return ends.get();
  }

  /** What has come so far. */
  String text() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
