package dev.mooring.fs.remote;

import dev.mooring.fs.ErrnoException;

/** Begins to list directories. */
final class Listings {
  private Listings() {}

  /** Sends the first requests; the listing grows by itself and is remembered when complete. */
  static DirectoryListing begin(Shared shared, RemoteNode dir) throws ErrnoException {
    DirectoryListing listing = new DirectoryListing(shared.now());
    listing.want();
    read(shared, dir, listing, RemoteSettings.MAX_LISTED);
    return listing;
  }

  /** The same with a listing that was made right before, until it has too many entries. */
  static void read(Shared shared, RemoteNode dir, DirectoryListing listing, int mostEntries)
      throws ErrnoException {
    int depth = shared.settings().transfer().readdirDepth();
    new ListingReader(
            shared.client(),
            shared.ticks(),
            shared.complaints(),
            listing,
            depth,
            mostEntries,
            () -> shared.table().listed(dir, listing))
        .start(shared.table().path(dir));
  }
}
