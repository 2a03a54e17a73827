package dev.mooring.fs.remote;

import dev.mooring.fs.Entry;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which small files come after one, in the order in which a tree is being read: that of the
 * listings, as grep(1) does it, or that of the names, as git(1) does it. Answers from listings that
 * are fresh, and goes on into the directories that follow.
 */
final class ReadingOrder {
  /** A directory with so few small files is taken as a whole, whatever the order. */
  private static final int FEW = 16;

  /** How many directories upwards, and how many entries, are looked at. */
  private static final int MOST_LEVELS = 8;

  private static final int MOST_ENTRIES = 4000;

  private final Shared shared;
  private final ListedEntries entries;

  /** Which order it was last. */
  private volatile boolean byName;

  ReadingOrder(Shared shared, ListedEntries entries) {
    this.shared = shared;
    this.entries = entries;
  }

  /** The files, each referenced for the caller. */
  List<RemoteNode> after(RemoteNode node, @Nullable RemoteNode before, int most) {
    Search search = new Search(most);
    RemoteNode dir = shared.table().parent(node);
    RemoteNode last = node;
    boolean sorted = dir != null && isByName(dir, node, before);
    for (int level = 0; dir != null && level < MOST_LEVELS && !search.isOver(); level++) {
      List<DirectoryListing.Listed> all = listed(dir, sorted);
      int place = placeOf(all, last);
      search.add(dir, all.subList(place + 1, all.size()), sorted, MOST_LEVELS);
      if (level == 0 && all.stream().filter(ReadingOrder::isSmall).count() <= FEW) {
        search.add(dir, all.subList(0, place + 1), sorted, 0);
      }
      last = dir;
      dir = shared.table().parent(dir);
    }
    return search.found;
  }

  /**
   * Two files of one directory tell where only one of the orders has the second behind the first;
   * else, as from one directory to the next, it stays as it was.
   */
  private boolean isByName(RemoteNode dir, RemoteNode node, @Nullable RemoteNode before) {
    DirectoryListing listing = fresh(dir);
    if (before != null && listing != null && shared.table().parent(before) == dir) {
      FileName from = before.place().name();
      FileName to = node.place().name();
      if (from != null && to != null) {
        boolean asListed = listing.placeOf(to) == listing.placeOf(from) + 1;
        boolean ascending = to.compareTo(from) > 0;
        byName = asListed == ascending ? byName : ascending;
      }
    }
    return byName;
  }

  private @Nullable DirectoryListing fresh(RemoteNode dir) {
    DirectoryListing listing = shared.table().listing(dir);
    boolean fresh =
        listing != null
            && shared.ticks().isFresh(listing.asked(), shared.settings().lifetimes().directories());
    return fresh ? listing : null;
  }

  private List<DirectoryListing.Listed> listed(RemoteNode dir, boolean sorted) {
    DirectoryListing listing = fresh(dir);
    if (listing == null || listing.size() > MOST_ENTRIES) {
      return List.of();
    }
    List<DirectoryListing.Listed> all = listing.all();
    return sorted
        ? all.stream().sorted(Comparator.comparing(DirectoryListing.Listed::name)).toList()
        : all;
  }

  private static int placeOf(List<DirectoryListing.Listed> all, RemoteNode node) {
    return IntStream.range(0, all.size())
        .filter(i -> Objects.equals(all.get(i).name(), node.place().name()))
        .findFirst()
        .orElse(all.size() - 1);
  }

  private static boolean isSmall(DirectoryListing.Listed entry) {
    Long size = entry.attributes().size();
    return AttributeView.typeOf(entry.attributes()) == FileType.REGULAR
        && size != null
        && size <= SmallFiles.SMALL_BYTES;
  }

  /** Gathers files until there are enough. */
  private final class Search {
    private final List<RemoteNode> found = new ArrayList<>();
    private final int most;
    private int looked;

    Search(int most) {
      this.most = most;
    }

    boolean isOver() {
      return found.size() >= most || looked > MOST_ENTRIES;
    }

    void add(RemoteNode dir, List<DirectoryListing.Listed> listed, boolean sorted, int moreLevels) {
      for (DirectoryListing.Listed entry : listed) {
        if (isOver()) {
          return;
        }
        looked++;
        boolean directory = AttributeView.typeOf(entry.attributes()) == FileType.DIRECTORY;
        if (isSmall(entry) || (directory && moreLevels > 0)) {
          take(dir, entry, sorted, moreLevels);
        }
      }
    }

    private void take(
        RemoteNode dir, DirectoryListing.Listed entry, boolean sorted, int moreLevels) {
      Entry.Present present;
      try {
        present = entries.present(dir, entry);
      } catch (ErrnoException unusable) {
        return;
      }
      if (present == null) {
        return;
      }
      RemoteNode node = (RemoteNode) present.node();
      if (node.type() == FileType.REGULAR) {
        found.add(node);
        return;
      }
      if (node.type() == FileType.DIRECTORY) {
        add(node, listed(node, sorted), sorted, moreLevels - 1);
      }
      shared.table().forget(node, 1);
    }
  }
}
