package dev.mooring.fs;

/**
 * A file, directory or link that the kernel knows, whatever its path is at present. Compared by
 * identity; it lives while it is referenced (see {@link FileSystem}) or open.
 */
public interface Node {
  /** Its inode number: never the same for two live nodes, kept on rename. */
  long inode();
}
