package dev.mooring.fuse.kernel.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** What a kernel asked, each line a request in hexadecimal and how it is read. */
public final class CapturedRequests {
  private static final String FILE = "/fuse/requests.txt";

  private CapturedRequests() {}

  /** A request. */
  @SuppressWarnings("ArrayRecordComponent") // for reading only
  public record Captured(byte[] bytes, String described) {}

  /** All of them, in the order in which they came. */
  public static List<Captured> all() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(CapturedRequests.class.getResourceAsStream(FILE)),
                StandardCharsets.UTF_8))) {
      return reader.lines().map(CapturedRequests::parse).toList();
    }
  }

  private static Captured parse(String line) {
    int space = line.indexOf(' ');
    return new Captured(
        HexFormat.of().parseHex(line.substring(0, space)), line.substring(space + 1));
  }

  /** How a request is read, or which error it is answered with. */
  public static String described(ByteBuffer bytes) {
    try {
      RequestHeader header = RequestHeader.decode(bytes);
      return header + " " + RequestDecoder.decode(header, bytes);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
