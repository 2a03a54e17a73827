package dev.mooring.sftp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Packets written out by hand: hexadecimal digits, and text in apostrophes, apart by spaces; {@code
 * "00000002 '/a'"} is a string of two bytes.
 */
final class WireBytes {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\\w+");

  private WireBytes() {}

  /** The bytes of a notation, whose length is as it says and not checked. */
  static ByteBuffer of(String notation) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Matcher words = WORD.matcher(notation); words.find(); ) {
      String text = words.group(1);
      bytes.writeBytes(
          text == null
              ? HexFormat.of().parseHex(words.group())
              : text.getBytes(StandardCharsets.UTF_8));
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  /** A reply: its length, type and request id, and fields in this notation. */
  static ByteBuffer packet(int type, int id, String fields) {
    return packet(type, id, of(fields));
  }

  /** The same with fields that are bytes already. */
  static ByteBuffer packet(int type, int id, ByteBuffer fields) {
    return ByteBuffer.allocate(9 + fields.remaining())
        .putInt(5 + fields.remaining())
        .put((byte) type)
        .putInt(id)
        .put(fields.duplicate())
        .flip();
  }

  /** For comparing: all bytes as hexadecimal digits, in groups of eight. */
  static String hex(Iterable<ByteBuffer> parts) {
    StringBuilder digits = new StringBuilder();
    for (ByteBuffer part : parts) {
      byte[] bytes = new byte[part.remaining()];
      part.duplicate().get(bytes);
      digits.append(HexFormat.of().formatHex(bytes));
    }
    return digits.toString().replaceAll("(.{8})(?=.)", "$1 ");
  }
}
