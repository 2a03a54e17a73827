package dev.mooring.fs.remote;

import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.RemotePath;

/** Begins to list directories. */
final class Listings {
  private Listings() {}

  /** Sends the first requests; the listing grows by itself and is remembered when complete. */
  static DirectoryListing begin(Shared shared, RemoteNode dir) throws ErrnoException {
    RemotePath path = shared.table().path(dir);
    DirectoryListing listing = new DirectoryListing(shared.now());
    int depth = shared.settings().transfer().readdirDepth();
    new ListingReader(
            shared.client(),
            shared.ticks(),
            listing,
            depth,
            () -> shared.table().listed(dir, listing))
        .start(path);
    return listing;
  }
}
