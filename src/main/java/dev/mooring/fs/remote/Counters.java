package dev.mooring.fs.remote;

import java.util.concurrent.atomic.LongAdder;

/** What has happened on one file system, for people. Thread-safe. */
final class Counters {
  private final LongAdder openFiles = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder remembered = new LongAdder();
  private final LongAdder asked = new LongAdder();

  void opened() {
    openFiles.increment();
  }

  void closed() {
    openFiles.decrement();
  }

  void read(int bytes) {
    bytesRead.add(bytes);
  }

  void written(int bytes) {
    bytesWritten.add(bytes);
  }

  /** A name or attributes were answered from memory. */
  void hit() {
    remembered.increment();
  }

  /** The server had to be asked for them. */
  void miss() {
    asked.increment();
  }

  RemoteFileSystem.Activity now() {
    return new RemoteFileSystem.Activity(
        openFiles.sum(), bytesRead.sum(), bytesWritten.sum(), remembered.sum(), asked.sum());
  }
}
