package dev.mooring.sftp;

import dev.mooring.sftp.SftpClient.UserGroupNames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What answers a request: the type of the reply when all is well, how it is read, and what the
 * status EOF stands for where it is no error.
 *
 * @param atEnd null where EOF is an error
 */
record Reply<T>(byte type, Decoder<T> decoder, @Nullable T atEnd) {

  /** Reads the fields of a reply. */
  @FunctionalInterface
  interface Decoder<T> {
    @Nullable T decode(PacketReader fields);
  }

  /** The status OK and nothing more. */
  static final Reply<Void> DONE = of(PacketType.STATUS, fields -> null);

  /** The number of bytes; DATA itself never gets to a decoder, see {@link PacketFramer}. */
  static final Reply<Integer> BYTES_READ = new Reply<>(PacketType.DATA, fields -> null, -1);

  static final Reply<RemoteAttributes> ATTRIBUTES = of(PacketType.ATTRS, PacketReader::attributes);

  static final Reply<List<RemoteEntry>> ENTRIES =
      new Reply<>(PacketType.NAME, Reply::entries, List.of());

  static final Reply<RemotePath> PATH =
      of(PacketType.NAME, fields -> RemotePath.of(oneName(fields)));

  static final Reply<ByteBuffer> TARGET =
      of(PacketType.NAME, fields -> ByteBuffer.wrap(oneName(fields)).asReadOnlyBuffer());

  static final Reply<RemoteStatistics> STATISTICS =
      of(PacketType.EXTENDED_REPLY, Reply::statistics);

  static final Reply<ServerLimits> LIMITS = of(PacketType.EXTENDED_REPLY, Reply::limits);

  static final Reply<UserGroupNames> USERS_AND_GROUPS =
      of(PacketType.EXTENDED_REPLY, fields -> new UserGroupNames(names(fields), names(fields)));

  /** One for which EOF is an error. */
  static <T> Reply<T> of(byte type, Decoder<T> decoder) {
    return new Reply<>(type, decoder, null);
  }

  private static List<RemoteEntry> entries(PacketReader fields) {
    int count = fields.count(12);
    List<RemoteEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(new RemoteEntry(fields.string(), fields.string(), fields.attributes()));
    }
    return entries;
  }

  private static byte[] oneName(PacketReader fields) {
    int count = fields.count(12);
    if (count != 1) {
      throw new ProtocolViolation("NAME with " + count + " names where one was asked for");
    }
    byte[] name = fields.bytes();
    fields.bytes();
    fields.attributes();
    return name;
  }

  private static RemoteStatistics statistics(PacketReader fields) {
    return new RemoteStatistics(
        fields.quantity(),
        fields.quantity(),
        fields.quantity(),
        fields.quantity(),
        fields.quantity(),
        fields.quantity(),
        fields.quantity(),
        fields.quantity(),
        fields.u64(),
        fields.u64(),
        fields.quantity());
  }

  private static ServerLimits limits(PacketReader fields) {
    return ServerLimits.announced(
        fields.quantity(), fields.quantity(), fields.quantity(), fields.quantity());
  }

  /** A string that is itself a row of strings. */
  private static List<String> names(PacketReader fields) {
    PacketReader row = new PacketReader(fields.string());
    List<String> names = new ArrayList<>();
    while (row.hasMore()) {
      names.add(row.text());
    }
    return names;
  }
}
