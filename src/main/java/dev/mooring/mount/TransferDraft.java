package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings.Transfer;
import dev.mooring.fs.remote.RemoteSettings.WriteMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sizes in bytes, and what waits for what. Not thread-safe. */
public final class TransferDraft {
  private int maxRead = Transfer.DEFAULT.maxReadBytes();
  private int maxWrite = Transfer.DEFAULT.maxWriteBytes();
  private long writeBuffer = Transfer.DEFAULT.writeBufferBytes();
  private int readAhead = Transfer.DEFAULT.readAheadBytes();
  private int maxChannels = Transfer.DEFAULT.maxChannels();
  private int readdirDepth = Transfer.DEFAULT.readdirDepth();
  private WriteMode writeMode = Transfer.DEFAULT.writeMode();
  private @Nullable Duration recovery = Duration.ofSeconds(30);

  /** The longest READ. */
  public void maxRead(int bytes) {
    maxRead = bytes;
  }

  /** The longest WRITE. */
  public void maxWrite(int bytes) {
    maxWrite = bytes;
  }

  /** How much of one file may wait to be written. */
  public void writeBuffer(long bytes) {
    writeBuffer = bytes;
  }

  /** The widest read-ahead; 0 for none. */
  public void readAhead(int bytes) {
    readAhead = bytes;
  }

  /** How many channels to the server, the one for metadata included. */
  public void maxChannels(int channels) {
    maxChannels = channels;
  }

  /** Whether directories are read with one request at a time. */
  public void synchronousReaddir(boolean on) {
    readdirDepth = on ? 1 : Transfer.DEFAULT.readdirDepth();
  }

  /** Whether every write waits for the server. */
  public void synchronousWrites(boolean on) {
    writeMode = on ? WriteMode.SYNC : WriteMode.BEHIND;
  }

  /** How long a lost connection is waited for; null is for ever. */
  public void recovery(@Nullable Duration time) {
    recovery = time;
  }

  Transfer transfer() {
    return new Transfer(
        maxRead,
        maxWrite,
        writeBuffer,
        Transfer.DEFAULT.poolBytes(),
        readAhead,
        maxChannels,
        readdirDepth,
        writeMode);
  }

  @Nullable Duration recovery() {
    return recovery;
  }
}
