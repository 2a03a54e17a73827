package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.sftp.RemoteAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptListingsTest {
  private final KeptListings listings = new KeptListings(10);

  private static DirectoryListing listing(int entries) throws ErrnoException {
    Asked asked = new Asked(0, 1);
    DirectoryListing listing = new DirectoryListing(asked);
    List<DirectoryListing.Listed> batch = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      FileName name = FileName.of("file" + i);
      batch.add(new DirectoryListing.Listed(name, RemoteAttributes.NONE, asked));
    }
    listing.add(batch);
    listing.complete();
    return listing;
  }

  @Test
  void theOldestGoWhenThereAreTooManyEntries() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    List<RemoteNode> dirs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      on.serverHasDirectory(on.server.root(), "dir" + i);
    }
    for (int i = 0; i < 4; i++) {
      String name = "dir" + i;
      on.pace.run(() -> dirs.add((RemoteNode) on.find(name)));
    }

    listings.keep(dirs.get(0), listing(3));
    listings.keep(dirs.get(1), listing(3));
    listings.keep(dirs.get(0), listing(4));
    listings.keep(dirs.get(2), listing(3));

    assertThat(listings.of(dirs.get(0))).isNotNull();
    assertThat(listings.of(dirs.get(1))).isNull();
    assertThat(listings.of(dirs.get(2))).isNotNull();

    listings.keep(dirs.get(3), listing(1000));
    assertThat(listings.of(dirs.get(2))).isNull();
    assertThat(listings.of(dirs.get(3))).isNotNull();
  }
}
