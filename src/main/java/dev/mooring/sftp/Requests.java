package dev.mooring.sftp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Encodes the requests of version 3 (draft-ietf-secsh-filexfer-02, section 6). */
final class Requests {
  private static final int VERSION = 3;

  private Requests() {}

  /** INIT, the only packet without a request id: the version stands in its place. */
  static ByteBuffer init() {
    ByteBuffer packet = ByteBuffer.allocate(9);
    return packet.putInt(5).put(PacketType.INIT).putInt(VERSION).flip();
  }

  static <T> Request<T> open(
      RemotePath path, int mode, RemoteAttributes attributes, Reply<T> handle) {
    PacketBuilder packet =
        new PacketBuilder(PacketType.OPEN, 8 + path.length() + PacketBuilder.MAX_ATTRIBUTES_BYTES);
    return Request.of("OPEN", packet.path(path).u32(mode).attributes(attributes).build(), handle);
  }

  static <T> Request<T> opendir(RemotePath path, Reply<T> handle) {
    return Request.of("OPENDIR", onPath(PacketType.OPENDIR, path), handle);
  }

  static Request<Void> close(ByteBuffer handle) {
    return Request.of("CLOSE", onHandle(PacketType.CLOSE, handle), Reply.DONE);
  }

  static Request<Integer> read(ByteBuffer handle, long offset, ByteBuffer destination) {
    PacketBuilder packet = new PacketBuilder(PacketType.READ, 16 + handle.remaining());
    return Request.read(
        packet.string(handle).u64(offset).u32(destination.remaining()).build(), destination);
  }

  static Request<Void> write(ByteBuffer handle, long offset, List<ByteBuffer> parts) {
    int length = bytesOf(parts);
    ByteBuffer header =
        new PacketBuilder(PacketType.WRITE, 16 + handle.remaining())
            .string(handle)
            .u64(offset)
            .u32(length)
            .buildWithTail(length);
    List<ByteBuffer> packet = new ArrayList<>(1 + parts.size());
    packet.add(header);
    packet.addAll(parts);
    return Request.write(packet, length);
  }

  static int bytesOf(List<ByteBuffer> parts) {
    int bytes = 0;
    for (ByteBuffer part : parts) {
      bytes = Math.addExact(bytes, part.remaining());
    }
    return bytes;
  }

  static Request<RemoteAttributes> lstat(RemotePath path) {
    return Request.of("LSTAT", onPath(PacketType.LSTAT, path), Reply.ATTRIBUTES);
  }

  static Request<RemoteAttributes> stat(RemotePath path) {
    return Request.of("STAT", onPath(PacketType.STAT, path), Reply.ATTRIBUTES);
  }

  static Request<RemoteAttributes> fstat(ByteBuffer handle) {
    return Request.of("FSTAT", onHandle(PacketType.FSTAT, handle), Reply.ATTRIBUTES);
  }

  static Request<Void> setstat(RemotePath path, RemoteAttributes attributes) {
    return Request.of("SETSTAT", withAttributes(PacketType.SETSTAT, path.bytes(), attributes));
  }

  static Request<Void> fsetstat(ByteBuffer handle, RemoteAttributes attributes) {
    return Request.of("FSETSTAT", withAttributes(PacketType.FSETSTAT, handle, attributes));
  }

  static Request<List<RemoteEntry>> readdir(ByteBuffer handle) {
    return Request.of("READDIR", onHandle(PacketType.READDIR, handle), Reply.ENTRIES);
  }

  static Request<Void> remove(RemotePath path) {
    return Request.of("REMOVE", onPath(PacketType.REMOVE, path));
  }

  static Request<Void> mkdir(RemotePath path, RemoteAttributes attributes) {
    return Request.of("MKDIR", withAttributes(PacketType.MKDIR, path.bytes(), attributes));
  }

  static Request<Void> rmdir(RemotePath path) {
    return Request.of("RMDIR", onPath(PacketType.RMDIR, path));
  }

  static Request<RemotePath> realpath(RemotePath path) {
    return Request.of("REALPATH", onPath(PacketType.REALPATH, path), Reply.PATH);
  }

  static Request<Void> rename(RemotePath from, RemotePath to) {
    return Request.of("RENAME", onPair(PacketType.RENAME, from.bytes(), to.bytes()));
  }

  static Request<ByteBuffer> readlink(RemotePath path) {
    return Request.of("READLINK", onPath(PacketType.READLINK, path), Reply.TARGET);
  }

  /** In OpenSSH's order, which is not the draft's: the target comes first. */
  static Request<Void> symlink(ByteBuffer target, RemotePath link) {
    return Request.of("SYMLINK", onPair(PacketType.SYMLINK, target, link.bytes()));
  }

  private static ByteBuffer onPath(byte type, RemotePath path) {
    return onHandle(type, path.bytes());
  }

  private static ByteBuffer onHandle(byte type, ByteBuffer handle) {
    return new PacketBuilder(type, 4 + handle.remaining()).string(handle).build();
  }

  private static ByteBuffer onPair(byte type, ByteBuffer first, ByteBuffer second) {
    return new PacketBuilder(type, 8 + first.remaining() + second.remaining())
        .string(first)
        .string(second)
        .build();
  }

  private static ByteBuffer withAttributes(
      byte type, ByteBuffer subject, RemoteAttributes attributes) {
    return new PacketBuilder(type, 4 + subject.remaining() + PacketBuilder.MAX_ATTRIBUTES_BYTES)
        .string(subject)
        .attributes(attributes)
        .build();
  }
}
