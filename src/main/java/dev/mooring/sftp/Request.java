package dev.mooring.sftp;

import dev.mooring.ssh.ServerText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A request and the future of its reply in one object. It ends once: with its reply, with the
 * channel, or with a timeout. After a timeout it stays in the {@link RequestTable}, for the server
 * may still answer into its buffers; {@link #settled} tells when that is over.
 */
final class Request<T> extends CompletableFuture<T> {
  private static final CompletableFuture<Void> SETTLED = CompletableFuture.completedFuture(null);

  private final String verb;
  private final Reply<T> reply;
  private final List<ByteBuffer> packet;
  private final int dataBytes;
  private final @Nullable ByteBuffer destination;

  /** Written before the request is handed to the table or sent, read behind that. */
  private int id;

  private long sentNanos;
  private long carriedBefore;
  private boolean alone;

  private volatile long deadlineNanos;
  private volatile boolean over;
  private volatile @Nullable CompletableFuture<Void> settled;

  private Request(
      String verb,
      Reply<T> reply,
      List<ByteBuffer> packet,
      int dataBytes,
      @Nullable ByteBuffer destination) {
    this.verb = verb;
    this.reply = reply;
    this.packet = packet;
    this.dataBytes = dataBytes;
    this.destination = destination;
  }

  /** One without file data. */
  static <T> Request<T> of(String verb, ByteBuffer packet, Reply<T> reply) {
    return new Request<>(verb, reply, List.of(packet), 0, null);
  }

  /** One that is answered with a status alone. */
  static Request<Void> of(String verb, ByteBuffer packet) {
    return of(verb, packet, Reply.DONE);
  }

  /** A READ, whose data go from {@code destination}'s position on. */
  static Request<Integer> read(ByteBuffer packet, ByteBuffer destination) {
    return new Request<>(
        "READ", Reply.BYTES_READ, List.of(packet), destination.remaining(), destination);
  }

  /** A WRITE of {@code dataBytes}, given behind its header. */
  static Request<Void> write(List<ByteBuffer> packet, int dataBytes) {
    return new Request<>("WRITE", Reply.DONE, packet, dataBytes, null);
  }

  /** How many bytes of file data it moves, either way. */
  int dataBytes() {
    return dataBytes;
  }

  int id() {
    return id;
  }

  /** Whether it carries bytes to the server. */
  boolean isWrite() {
    return dataBytes > 0 && destination == null;
  }

  /** For messages. */
  String verb() {
    return verb;
  }

  long sentNanos() {
    return sentNanos;
  }

  /** How many bytes had been carried its way when it was sent. */
  long carriedBefore() {
    return carriedBefore;
  }

  /** Whether nothing else was in flight when it was sent: its reply measures a round trip. */
  boolean wasAlone() {
    return alone;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  void mustEndBy(long nanos) {
    deadlineNanos = nanos;
  }

  /** Gives it an id, just before it is sent. */
  void number(int newId, long nowNanos, boolean nothingElseInFlight, long bytesCarried) {
    id = newId;
    sentNanos = nowNanos;
    carriedBefore = bytesCarried;
    alone = nothingElseInFlight;
    packet.getFirst().putInt(PacketBuilder.ID_OFFSET, newId);
  }

  List<ByteBuffer> packet() {
    return packet;
  }

  /** Where {@code length} bytes of DATA go. */
  ByteBuffer destinationFor(int length) {
    ByteBuffer buffer = destination;
    if (buffer == null) {
      throw new ProtocolViolation("DATA in reply to " + verb);
    }
    if (length > dataBytes) {
      throw new ProtocolViolation(
          "DATA of %d bytes in reply to a READ of %d".formatted(length, dataBytes));
    }
    return buffer;
  }

  /** Ends with a reply other than DATA; it has left the table before. */
  void answer(byte type, ByteBuffer fields) {
    PacketReader reader = new PacketReader(fields);
    if (type == PacketType.STATUS) {
      answerStatus(reader);
    } else if (type == reply.type() && type != PacketType.DATA) {
      T value = reply.decoder().decode(reader);
      if (!complete(value)) {
        ChannelHandle.closeUnwanted(value);
      }
    } else {
      throw new ProtocolViolation(PacketType.nameOf(type) + " in reply to " + verb);
    }
  }

  /** Ends a READ whose DATA are in its destination. */
  void answerData(int length) {
    @SuppressWarnings("unchecked") // Only read() makes requests with a destination.
    CompletableFuture<Integer> read = (CompletableFuture<Integer>) this;
    read.complete(length);
  }

  private void answerStatus(PacketReader reader) {
    SftpStatus status = SftpStatus.ofCode(reader.u32());
    T atEnd = reply.atEnd();
    if (status == SftpStatus.OK) {
      if (reply.type() != PacketType.STATUS) {
        throw new ProtocolViolation("STATUS OK in reply to " + verb);
      }
      complete(null);
    } else if (status == SftpStatus.EOF && atEnd != null) {
      complete(atEnd);
    } else {
      // Some servers leave the text out, though the draft demands it.
      String text = reader.hasMore() ? ServerText.escape(reader.text()) : "no text";
      completeExceptionally(new SftpException(status, verb + ": " + text));
    }
  }

  /** The deadline has passed; the server may still use the buffers if it was sent. */
  void expire(Duration timeout) {
    CompletableFuture<Void> later = new CompletableFuture<>();
    settled = later;
    completeExceptionally(
        new TimeoutException("%s: no reply within %d ms".formatted(verb, timeout.toMillis())));
    // settle() may have run before it could see the future.
    if (over) {
      later.complete(null);
    }
  }

  /** The buffers will not be touched any more. */
  void settle() {
    over = true;
    CompletableFuture<Void> waiting = settled;
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  /** See {@link SftpClient#settled}. */
  CompletableFuture<Void> settled() {
    if (!isDone()) {
      return handle((value, failure) -> null).thenCompose(ended -> settled());
    }
    CompletableFuture<Void> waiting = settled;
    return waiting == null ? SETTLED : waiting;
  }
}
