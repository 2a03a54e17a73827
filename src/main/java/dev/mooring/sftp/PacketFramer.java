package dev.mooring.sftp;

import java.nio.ByteBuffer;

/**
 * Cuts the stream of bytes from the server into packets, whatever pieces it comes in.
 *
 * <p>The data of a DATA packet are copied once, from the piece that brought them to where the
 * requester wants them. Other packets are small: one that lies whole in a piece is decoded there,
 * one that is cut is put together in a buffer that is used again. For one thread at a time.
 */
final class PacketFramer {
  /** The longest packet that we accept, its own length field not counted; OpenSSH's bound too. */
  static final int MAX_PACKET_BYTES = 256 * 1024;

  /** Length, type, request id: every packet of a server has them (VERSION: its version). */
  private static final int HEADER_BYTES = 9;

  /** The header of DATA goes on with the length of the data. */
  private static final int DATA_HEADER_BYTES = HEADER_BYTES + 4;

  private static final int FIRST_BUFFER_BYTES = 4096;
  private static final ByteBuffer NOWHERE = ByteBuffer.allocate(0);

  /** Hears of packets in order. May throw {@link ProtocolViolation}, which ends the framing. */
  interface Sink {
    /**
     * A packet that is not DATA.
     *
     * @param id the request id; of VERSION, the version
     * @param fields what follows, valid during the call
     */
    void packet(byte type, int id, ByteBuffer fields);

    /** DATA begins: where its bytes go, from the buffer's position on, with room for them all. */
    ByteBuffer destination(int id, int length);

    /** All bytes of the DATA that began last are in their destination. */
    void dataArrived(int id, int length);
  }

  private final Sink sink;

  /** What came of a header or of a packet that is cut. */
  private ByteBuffer partial = ByteBuffer.allocate(FIRST_BUFFER_BYTES);

  /** Of the DATA that is arriving; nobody's buffer is held on to in between. */
  private ByteBuffer destination = NOWHERE;

  private int dataId;
  private int dataLength;
  private int dataMissing;

  PacketFramer(Sink sink) {
    this.sink = sink;
  }

  /** Takes all remaining bytes of a piece. */
  void receive(ByteBuffer piece) {
    while (piece.hasRemaining()) {
      if (dataMissing > 0) {
        copyData(piece);
      } else if (partial.position() > 0) {
        completePartial(piece);
      } else {
        int whole = wholeBytes(piece, piece.position());
        if (whole <= piece.remaining()) {
          int end = piece.position() + whole;
          deliver(piece, piece.position(), end);
          piece.position(end);
        } else {
          partial = withRoomFor(whole);
          takeInto(partial, piece, piece.remaining());
        }
      }
    }
  }

  /** Adds to what is there no more than what its packet, or as yet its header, lacks. */
  private void completePartial(ByteBuffer piece) {
    int missing = wholeBytes(partial.duplicate().flip(), 0) - partial.position();
    if (missing > 0) {
      partial = withRoomFor(missing);
      takeInto(partial, piece, Math.min(missing, piece.remaining()));
    }
    int whole = wholeBytes(partial.duplicate().flip(), 0);
    if (whole == partial.position()) {
      ByteBuffer packet = partial.flip();
      deliver(packet, 0, whole);
      partial.clear();
    }
  }

  /**
   * How many bytes must be there before something can be done: the header while it is incomplete,
   * then for DATA its longer header, for others the packet.
   */
  private static int wholeBytes(ByteBuffer bytes, int at) {
    int available = bytes.limit() - at;
    if (available < HEADER_BYTES) {
      return HEADER_BYTES;
    }
    int length = bytes.getInt(at);
    boolean data = bytes.get(at + 4) == PacketType.DATA;
    int least = (data ? DATA_HEADER_BYTES : HEADER_BYTES) - 4;
    if (length < least || length > MAX_PACKET_BYTES) {
      throw new ProtocolViolation(
          "a packet of %s bytes".formatted(Integer.toUnsignedString(length)));
    }
    return data ? DATA_HEADER_BYTES : 4 + length;
  }

  private void deliver(ByteBuffer bytes, int start, int end) {
    byte type = bytes.get(start + 4);
    int id = bytes.getInt(start + 5);
    if (type == PacketType.DATA) {
      beginData(id, bytes.getInt(start + HEADER_BYTES), bytes.getInt(start));
    } else {
      sink.packet(type, id, bytes.slice(start + HEADER_BYTES, end - start - HEADER_BYTES));
    }
  }

  private void beginData(int id, int length, int packetLength) {
    if (length < 0 || length != packetLength - (DATA_HEADER_BYTES - 4)) {
      throw new ProtocolViolation(
          "DATA of %s bytes in a packet of %d"
              .formatted(Integer.toUnsignedString(length), packetLength));
    }
    destination = sink.destination(id, length);
    dataId = id;
    dataLength = length;
    dataMissing = length;
    if (length == 0) {
      sink.dataArrived(id, 0);
    }
  }

  private void copyData(ByteBuffer piece) {
    int n = Math.min(dataMissing, piece.remaining());
    int at = destination.position() + dataLength - dataMissing;
    destination.put(at, piece, piece.position(), n);
    piece.position(piece.position() + n);
    dataMissing -= n;
    if (dataMissing == 0) {
      destination = NOWHERE;
      sink.dataArrived(dataId, dataLength);
    }
  }

  private static void takeInto(ByteBuffer to, ByteBuffer piece, int n) {
    to.put(to.position(), piece, piece.position(), n).position(to.position() + n);
    piece.position(piece.position() + n);
  }

  private ByteBuffer withRoomFor(int bytes) {
    if (partial.remaining() >= bytes) {
      return partial;
    }
    return ByteBuffer.allocate(partial.position() + bytes).put(partial.flip());
  }
}
