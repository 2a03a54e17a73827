package dev.mooring.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Speaks to the plugin's socket in bytes, as dockerd's HTTP client sends them. */
public final class RawClient implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;

  /** Connects. */
  public RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    in = new BufferedInputStream(Channels.newInputStream(channel));
  }

  /** What came back. */
  public record Answer(int status, String headers, String body) {}

  /** A call exactly as moby's pkg/plugins/client.go puts it on the wire. */
  public static String call(String endpoint, String body) {
    return "POST /"
        + endpoint
        + " HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n"
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n"
        + body;
  }

  /** Sends text as it is. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  /** Calls, and waits for the answer. */
  public Answer ask(String endpoint, String body) throws IOException {
    send(call(endpoint, body));
    return answer();
  }

  /** Says that nothing more will be sent. */
  public void endSending() throws IOException {
    channel.shutdownOutput();
  }

  /** Reads until the server hangs up. */
  public void readAll() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** The next response; the headers in lower case. */
  public Answer answer() throws IOException {
    return answer(in);
  }

  /** A response out of bytes. */
  public static Answer answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("closed after: " + head);
      }
      head.append((char) next);
    }
    String headers = head.toString().toLowerCase(Locale.ROOT);
    int at = headers.indexOf("content-length: ") + "content-length: ".length();
    boolean bodiless = headers.startsWith("http/1.1 100");
    int length =
        bodiless ? 0 : Integer.parseInt(headers.substring(at, headers.indexOf("\r\n", at)));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Answer(Integer.parseInt(head.substring(9, 12)), headers, body);
  }

  /** Whether the server has closed its end; waits for it to do something. */
  public boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
