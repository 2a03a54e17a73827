package dev.mooring.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a real server, passes on what both say, and at a chosen moment lets
 * the server seem to die or to hang. Connections are made to it like to the server.
 */
public final class TcpRelay implements AutoCloseable {
  /** How a server ends. */
  public enum End {
    /** Its side of the connection is closed. */
    CLOSES,
    /** Nothing is closed and nothing more comes. */
    HANGS
  }

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile int repliesLeft = Integer.MAX_VALUE;
  private volatile int hangAtBytes = Integer.MAX_VALUE;

  /** Which connections hang then: as many as there were. */
  private volatile int hangUpTo;

  private volatile int connections;
  private volatile End end = End.CLOSES;
  private volatile boolean refusing;
  private final AtomicInteger hung = new AtomicInteger();

  /** One to a port of this machine. */
  public TcpRelay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread.ofVirtual().start(this::accept);
  }

  /** Where to connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Of each connection made from now on, so many pieces come from the server, and then its end. */
  public void endAfter(int replies, End how) {
    end = how;
    repliesLeft = replies;
  }

  /** The connections there are hang as soon as the client sends so many bytes at once. */
  public void hangWhenTheClientSends(int bytes) {
    hangUpTo = connections;
    hangAtBytes = bytes;
  }

  /** How many connections hang because of what their client sent. */
  public int hung() {
    return hung.get();
  }

  /** All connections end, and further ones are closed at once, or no longer. */
  public void refuse(boolean on) {
    refusing = on;
    if (on) {
      sockets.forEach(TcpRelay::close);
    }
  }

  /** From now on all is passed on, of new connections; those that hang go on to. */
  public void behave() {
    repliesLeft = Integer.MAX_VALUE;
    hangAtBytes = Integer.MAX_VALUE;
    refusing = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        if (refusing) {
          close(client);
        } else {
          connect(client);
        }
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), serverPort);
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    sockets.add(client);
    sockets.add(server);
    // Only the thread that accepts counts.
    int number = connections + 1;
    connections = number;
    Passing passing = new Passing(number, client, server, repliesLeft);
    Thread.ofVirtual().start(passing::toServer);
    Thread.ofVirtual().start(passing::toClient);
  }

  private final class Passing {
    private final int number;
    private final Socket client;
    private final Socket server;
    private final int replies;
    private volatile boolean hanging;

    Passing(int number, Socket client, Socket server, int replies) {
      this.number = number;
      this.client = client;
      this.server = server;
      this.replies = replies;
    }

    private void toServer() {
      byte[] buffer = new byte[65536];
      try (client;
          server) {
        InputStream from = client.getInputStream();
        OutputStream to = server.getOutputStream();
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          if (n >= hangAtBytes && number <= hangUpTo && !hanging) {
            hanging = true;
            hung.incrementAndGet();
          }
          if (!hanging) {
            to.write(buffer, 0, n);
          }
        }
      } catch (IOException _) {
        // One of the two has closed; so do we.
      }
    }

    private void toClient() {
      byte[] buffer = new byte[65536];
      int passed = 0;
      try {
        InputStream from = server.getInputStream();
        OutputStream to = client.getOutputStream();
        for (int n = from.read(buffer); n >= 0 && passed < replies; n = from.read(buffer)) {
          passed++;
          if (!hanging) {
            to.write(buffer, 0, n);
          }
        }
      } catch (IOException _) {
        // As above.
      }
      if (passed < replies || end == End.CLOSES) {
        close(client);
        close(server);
      } else {
        // What the client still sends is taken and forgotten.
        hanging = true;
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    refuse(true);
  }
}
