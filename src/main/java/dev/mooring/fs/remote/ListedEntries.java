package dev.mooring.fs.remote;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Fresh;
import org.jspecify.annotations.Nullable;

/** What listings say of single entries. */
final class ListedEntries {
  private final Shared shared;
  private final NodeAttributes attributes;

  ListedEntries(Shared shared, NodeAttributes attributes) {
    this.shared = shared;
    this.attributes = attributes;
  }

  /** The node of a listed entry, referenced; null when we know of later changes. */
  Entry.@Nullable Present present(RemoteNode dir, DirectoryListing.Listed entry)
      throws ErrnoException {
    RemoteNode node = shared.table().arrived(dir, entry.name(), entry.attributes(), entry.asked());
    if (node == null) {
      return null;
    }
    Fresh<Attributes> known = attributes.remembered(node);
    if (known == null) {
      shared.table().forget(node, 1);
      return null;
    }
    AttributeCache.Seen seen = node.attributes().seen();
    if (seen != null && seen.attributes() == entry.attributes()) {
      attributes.notice(node, entry.attributes());
    }
    long until =
        Ticks.until(shared.table().nameAsked(node), shared.settings().lifetimes().entries());
    return new Entry.Present(node, known, until);
  }
}
