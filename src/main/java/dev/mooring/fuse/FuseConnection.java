package dev.mooring.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * What the kernel shows of one FUSE mount in sysfs. Nothing here touches the mount itself, so it
 * works while nobody serves it.
 *
 * @param minor the minor number of the mount's device; the major one is always 0
 */
public record FuseConnection(int minor) {
  private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");
  private static final Path BACKING_DEVICES = Path.of("/sys/class/bdi");

  /**
   * The connection of the topmost mount at a place.
   *
   * @throws IOException when nothing is mounted there
   */
  public static FuseConnection at(Path mountPoint) throws IOException {
    try {
      return new FuseConnection(MountTable.read().topAt(mountPoint).orElseThrow().minor());
    } catch (NoSuchElementException e) {
      throw new IOException("nothing is mounted at " + mountPoint, e);
    }
  }

  /**
   * Ends it: all waiting and future calls on the mount fail with ENOTCONN or ECONNABORTED, and
   * whoever serves it reads ENODEV. Does nothing when it has ended already. Where the control file
   * system is not mounted, as in containers, it is mounted for the moment.
   */
  public void abort() throws IOException {
    if (Files.isDirectory(CONNECTIONS.resolve(Integer.toString(minor)))) {
      abortIn(CONNECTIONS);
    } else if (MountTable.read().topAt(CONNECTIONS).isEmpty()) {
      Path control = Files.createTempDirectory("mooring-fusectl");
      MountSyscalls.mount("none", control, "fusectl", Set.of(), "");
      try {
        abortIn(control);
      } finally {
        MountSyscalls.detach(control);
        Files.delete(control);
      }
    }
  }

  private void abortIn(Path control) throws IOException {
    try {
      Files.writeString(
          control.resolve(Integer.toString(minor)).resolve("abort"), "1", StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      // It ended by itself meanwhile.
    }
  }

  /**
   * Lets the kernel read this far ahead in sequential buffered reads; its default of 128 KiB bounds
   * them to that much in each round trip.
   *
   * @throws IOException when sysfs is read-only, as in containers; reads are slower then
   */
  public void setReadAhead(int kibibytes) throws IOException {
    Files.writeString(
        BACKING_DEVICES.resolve("0:" + minor).resolve("read_ahead_kb"),
        Integer.toString(kibibytes));
  }
}
