package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the bytes of write(2) into memory: small ones are copied behind each other, large ones are
 * moved in where the binding can give its buffer away. Waits for room while there is none.
 */
final class Incoming {
  /** From here on moving a buffer is cheaper than copying it. */
  private static final int LARGE = 64 * 1024;

  private final Shared shared;
  private final ServerFile file;
  private final RemoteNode node;

  Incoming(Shared shared, ServerFile file) {
    this.shared = shared;
    this.file = file;
    this.node = file.node();
  }

  /** Takes all bytes; answers how many. */
  int take(long offset, Payload payload, Caller caller) throws ErrnoException {
    ByteBuffer bytes = payload.bytes();
    int length = bytes.remaining();
    if (length == 0) {
      return 0;
    }
    awaitRoom(length, caller);
    if (length >= LARGE || !node.writes().join(file, offset, bytes)) {
      int count = Math.ceilDiv(length, BufferPool.BUFFER_BYTES);
      reserve(count, caller);
      put(offset, payload, bytes, count);
    }
    node.contentChanged();
    node.pages().changedByUs();
    return length;
  }

  private void awaitRoom(int length, Caller caller) throws ErrnoException {
    CompletableFuture<Void> room = node.writes().room(length);
    while (!room.isDone()) {
      shared.wire().settle(room, caller);
      room = node.writes().room(length);
    }
  }

  private void reserve(int count, Caller caller) throws ErrnoException {
    BufferPool pool = shared.source().pool();
    CompletableFuture<Void> reserved = pool.reserve(count);
    try {
      shared.wire().settle(reserved, caller);
    } catch (ErrnoException e) {
      pool.abandon(reserved, count);
      throw e;
    }
  }

  private void put(long offset, Payload payload, ByteBuffer bytes, int count) {
    Lease lease = bytes.remaining() >= LARGE ? payload.retain() : null;
    List<SharedBuffer> buffers = lease == null ? copied(bytes) : moved(lease, count);
    long at = offset;
    for (SharedBuffer buffer : buffers) {
      int length =
          lease == null
              ? (int) Math.min(buffer.capacity(), end(offset, bytes) - at)
              : buffer.capacity();
      node.writes().write(file, at, buffer, 0, length);
      at += length;
      buffer.release();
    }
  }

  private static long end(long offset, ByteBuffer bytes) {
    return offset + bytes.remaining();
  }

  private List<SharedBuffer> copied(ByteBuffer bytes) {
    List<SharedBuffer> buffers = new ArrayList<>();
    for (int at = 0; at < bytes.remaining(); at += BufferPool.BUFFER_BYTES) {
      int length = Math.min(bytes.remaining() - at, BufferPool.BUFFER_BYTES);
      SharedBuffer buffer = shared.source().pool().take();
      buffer.slice(0, length).put(bytes.slice(bytes.position() + at, length));
      buffers.add(buffer);
    }
    return buffers;
  }

  /** The binding's memory, with what was reserved as its weight; both go back at the end. */
  private List<SharedBuffer> moved(Lease lease, int count) {
    SharedBuffer whole =
        new SharedBuffer(
            ByteBuffer.allocate(0),
            _ -> {
              lease.close();
              shared.source().pool().giveBack(count);
            });
    List<SharedBuffer> buffers = new ArrayList<>();
    for (ByteBuffer slice : lease.slices()) {
      whole.hold();
      buffers.add(new SharedBuffer(slice.slice().asReadOnlyBuffer(), _ -> whole.release()));
    }
    whole.release();
    return buffers;
  }
}
