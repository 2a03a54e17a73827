package dev.mooring.fs.remote;

import dev.mooring.fs.FileName;
import java.nio.ByteBuffer;

/**
 * Inode numbers as hashes of paths, so that a file has the same one after a remount and on every
 * host: git and backup programs then take it for unchanged.
 */
final class InodeNumbers {
  /** Of the root; FUSE calls its root 1 as well. */
  static final long ROOT = 1;

  private static final long PRIME = 0x100000001b3L;
  private static final long OFFSET = 0xcbf29ce484222325L;

  private InodeNumbers() {}

  /** The hash of the root's path, which {@link #below} goes on from. */
  static long seed() {
    return OFFSET;
  }

  /** The hash of an entry of the directory with this hash: FNV-1a over a slash and the name. */
  static long below(long directory, FileName name) {
    long hash = (directory ^ '/') * PRIME;
    ByteBuffer bytes = name.bytes();
    while (bytes.hasRemaining()) {
      hash = (hash ^ (bytes.get() & 0xff)) * PRIME;
    }
    return hash;
  }

  /**
   * The number for a path hash; {@code attempt} tells apart paths of one hash. Never 0 nor that of
   * the root.
   */
  static long number(long pathHash, int attempt) {
    long mixed = pathHash + attempt * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
    mixed ^= mixed >>> 32;
    return mixed == 0 || mixed == ROOT ? number(pathHash, attempt + 1) : mixed;
  }
}
