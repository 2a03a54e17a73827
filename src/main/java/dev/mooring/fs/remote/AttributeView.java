package dev.mooring.fs.remote;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.sftp.RemoteAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows the server's attributes as the settings want them seen. */
final class AttributeView {
  private static final int DEFAULT_PERMISSIONS = 0777;
  private static final RemoteAttributes.Owner NOBODY_SAID = new RemoteAttributes.Owner(0, 0);

  private final IdMapping ids;
  private final RemoteSettings.View view;
  private final RemoteSettings.Lifetimes lifetimes;

  AttributeView(RemoteSettings settings) {
    ids = settings.owners().ids();
    view = settings.view();
    lifetimes = settings.lifetimes();
  }

  /** The type that a server's attributes tell; a server that tells none means a regular file. */
  static FileType typeOf(RemoteAttributes attributes) {
    Integer mode = attributes.mode();
    return mode == null ? FileType.REGULAR : FileType.ofMode(mode);
  }

  /** How long attributes of this node are believed. */
  Duration lifetimeOf(RemoteNode node) {
    return node.isOpen() ? lifetimes.openAttributes() : lifetimes.attributes();
  }

  /** What stat(2) shows of a node that the server describes so. */
  Attributes show(RemoteNode node, RemoteAttributes said) throws ErrnoException {
    RemoteAttributes.Times times = said.times();
    long modified = times == null ? 0 : times.modifiedSeconds();
    Long size = said.size();
    RemoteAttributes.Owner owner = said.owner() == null ? NOBODY_SAID : said.owner();
    return new Attributes(
        node.inode(),
        node.type(),
        permissions(node.type(), said.mode()),
        node.isLinked() ? 1 : 0,
        first(node.shownUid(), view.uid(), ids.localUid(owner.uid())),
        first(node.shownGid(), view.gid(), ids.localGid(owner.gid())),
        size == null ? 0 : Math.max(0, size),
        times == null ? 0 : times.accessedSeconds(),
        modified,
        modified);
  }

  private int permissions(FileType type, @Nullable Integer mode) {
    int shown = mode == null ? DEFAULT_PERMISSIONS : mode & Attributes.PERMISSION_BITS;
    Integer fixed = type == FileType.DIRECTORY ? view.dirMode() : view.fileMode();
    if (fixed != null && type != FileType.SYMLINK) {
      shown = fixed & Attributes.PERMISSION_BITS;
    }
    return view.umask() == null ? shown : shown & ~view.umask();
  }

  private static int first(@Nullable Integer absorbed, @Nullable Integer fixed, int said) {
    if (absorbed != null) {
      return absorbed;
    }
    return fixed != null ? fixed : said;
  }
}
