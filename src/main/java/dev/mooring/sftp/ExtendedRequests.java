package dev.mooring.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mooring.sftp.SftpClient.UserGroupNames;
import java.nio.ByteBuffer;
import java.util.List;

/** Encodes the requests of OpenSSH's extensions (section 4 of its PROTOCOL file). */
final class ExtendedRequests {
  private ExtendedRequests() {}

  static Request<Void> posixRename(RemotePath from, RemotePath to) {
    return Request.of("posix-rename", onPair(Extension.POSIX_RENAME, from, to));
  }

  static Request<Void> hardlink(RemotePath existing, RemotePath link) {
    return Request.of("hardlink", onPair(Extension.HARDLINK, existing, link));
  }

  static Request<Void> fsync(ByteBuffer handle) {
    return Request.of("fsync", onSubject(Extension.FSYNC, handle));
  }

  static Request<Void> lsetstat(RemotePath path, RemoteAttributes attributes) {
    int fields = 4 + path.length() + PacketBuilder.MAX_ATTRIBUTES_BYTES;
    return Request.of(
        "lsetstat", begin(Extension.LSETSTAT, fields).path(path).attributes(attributes).build());
  }

  static Request<RemoteStatistics> statvfs(RemotePath path) {
    return Request.of("statvfs", onSubject(Extension.STATVFS, path.bytes()), Reply.STATISTICS);
  }

  static Request<RemoteStatistics> fstatvfs(ByteBuffer handle) {
    return Request.of("fstatvfs", onSubject(Extension.FSTATVFS, handle), Reply.STATISTICS);
  }

  static Request<ServerLimits> limits() {
    return Request.of("limits", begin(Extension.LIMITS, 0).build(), Reply.LIMITS);
  }

  static Request<RemotePath> expandPath(RemotePath path) {
    return Request.of("expand-path", onSubject(Extension.EXPAND_PATH, path.bytes()), Reply.PATH);
  }

  static Request<RemotePath> homeDirectory(String user) {
    ByteBuffer name = ByteBuffer.wrap(user.getBytes(UTF_8));
    return Request.of("home-directory", onSubject(Extension.HOME_DIRECTORY, name), Reply.PATH);
  }

  static Request<Void> copyData(
      ByteBuffer from, long fromOffset, long length, ByteBuffer to, long toOffset) {
    return Request.of(
        "copy-data",
        begin(Extension.COPY_DATA, 32 + from.remaining() + to.remaining())
            .string(from)
            .u64(fromOffset)
            .u64(length)
            .string(to)
            .u64(toOffset)
            .build());
  }

  static Request<UserGroupNames> usersGroupsById(List<Integer> uids, List<Integer> gids) {
    PacketBuilder packet = begin(Extension.USERS_GROUPS_BY_ID, 8 + 4 * (uids.size() + gids.size()));
    return Request.of(
        "users-groups-by-id",
        packet.string(numbers(uids)).string(numbers(gids)).build(),
        Reply.USERS_AND_GROUPS);
  }

  /** A row of numbers, which travels as one string. */
  private static ByteBuffer numbers(List<Integer> ids) {
    ByteBuffer row = ByteBuffer.allocate(4 * ids.size());
    ids.forEach(row::putInt);
    return row.flip();
  }

  private static PacketBuilder begin(Extension extension, int fieldBytes) {
    ByteBuffer name = ByteBuffer.wrap(extension.wireName().getBytes(UTF_8));
    return new PacketBuilder(PacketType.EXTENDED, 4 + name.remaining() + fieldBytes).string(name);
  }

  private static ByteBuffer onSubject(Extension extension, ByteBuffer subject) {
    return begin(extension, 4 + subject.remaining()).string(subject).build();
  }

  private static ByteBuffer onPair(Extension extension, RemotePath first, RemotePath second) {
    return begin(extension, 8 + first.length() + second.length()).path(first).path(second).build();
  }
}
