package dev.mooring.harness;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A link on loopback that is longer, and worse, than loopback: it delays every byte by half a round
 * trip each way, stalls without a word, and cuts. Needs nothing of the kernel.
 */
public final class Relay implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  /** How many chunks one direction holds: 32 MB, twice what any sender here has in flight. */
  private static final int CHUNKS_IN_FLIGHT = 512;

  private static final Duration STALL_POLL = Duration.ofMillis(1);

  private final ServerSocket listener;
  private final int targetPort;
  private volatile long oneWayNanos;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean stalled;

  /** What is on its way; nothing at all is the end. */
  private static final class Chunk {
    final byte[] bytes;
    final long dueNanos;

    Chunk(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }

  /** Listens on a port of its own and leads to a port of loopback. */
  public Relay(int targetPort, Duration roundTrip) {
    this.targetPort = targetPort;
    this.oneWayNanos = roundTrip.toNanos() / 2;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** Where to connect instead. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on nothing passes in either direction and nothing is closed. */
  public void stall() {
    stalled = true;
  }

  /** Ends {@link #stall}; what was held up passes. */
  public void resume() {
    stalled = false;
  }

  /** From now on bytes take this long for both ways together. */
  public void delay(Duration roundTrip) {
    oneWayNanos = roundTrip.toNanos() / 2;
  }

  /**
   * Closes every connection now; new ones are taken.
   *
   * @return how many there were
   */
  public int cut() {
    int ends = sockets.size();
    sockets.forEach(Relay::closeQuietly);
    return ends / 2;
  }

  private void acceptAll() {
    try {
      while (true) {
        connect(listener.accept());
      }
    } catch (IOException e) {
      closeQuietly(listener);
    }
  }

  /** Where the server is down, the client hears of it by the end of its connection. */
  private void connect(Socket client) throws IOException {
    Socket server;
    try {
      server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
    } catch (ConnectException e) {
      client.close();
      return;
    }
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    sockets.add(client);
    sockets.add(server);
    relay(client, server);
    relay(server, client);
  }

  private void relay(Socket from, Socket to) {
    BlockingQueue<Chunk> inFlight = new ArrayBlockingQueue<>(CHUNKS_IN_FLIGHT);
    Thread.ofPlatform().daemon().start(() -> take(from, inFlight));
    Thread.ofPlatform().daemon().start(() -> deliver(inFlight, from, to));
  }

  private void take(Socket from, BlockingQueue<Chunk> inFlight) {
    byte[] buffer = new byte[CHUNK];
    try {
      int length;
      do {
        length = readQuietly(from, buffer);
        byte[] bytes = Arrays.copyOf(buffer, Math.max(0, length));
        inFlight.put(new Chunk(bytes, System.nanoTime() + oneWayNanos));
      } while (length >= 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int readQuietly(Socket from, byte[] buffer) {
    try {
      return from.getInputStream().read(buffer);
    } catch (IOException e) {
      return -1;
    }
  }

  private void deliver(BlockingQueue<Chunk> inFlight, Socket from, Socket to) {
    try {
      for (Chunk c = inFlight.take(); c.bytes.length > 0; c = inFlight.take()) {
        awaitDue(c);
        to.getOutputStream().write(c.bytes);
      }
    } catch (IOException e) {
      // The other side has closed; so do we.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
      closeQuietly(from);
      closeQuietly(to);
      inFlight.clear(); // Lets a reader that waits for room see that its socket is closed.
    }
  }

  private void awaitDue(Chunk chunk) {
    long left = chunk.dueNanos - System.nanoTime();
    while (left > 0 || stalled) {
      LockSupport.parkNanos(Math.max(left, stalled ? STALL_POLL.toNanos() : 0));
      left = chunk.dueNanos - System.nanoTime();
    }
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeQuietly(listener);
    cut();
  }
}
