package dev.mooring.docker;

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
final class RawClient implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;

  RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    in = new BufferedInputStream(Channels.newInputStream(channel));
  }

  /** What came back. */
  record Answer(int status, String headers, String body) {}

  /** A call exactly as moby's pkg/plugins/client.go puts it on the wire. */
  static String call(String endpoint, String body) {
    return "POST /"
        + endpoint
        + " HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n"
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n"
        + body;
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  Answer ask(String endpoint, String body) throws IOException {
    send(call(endpoint, body));
    return answer();
  }

  /** Says that nothing more will be sent. */
  void endSending() throws IOException {
    channel.shutdownOutput();
  }

  /** Reads until the server hangs up. */
  void readAll() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** The next response; the headers in lower case. */
  Answer answer() throws IOException {
    return answer(in);
  }

  static Answer answer(InputStream in) throws IOException {
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
  boolean isClosedByServer() {
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
