/**
 * Serving a {@link dev.mooring.fs.FileSystem} at a directory: what a binding is, and the system
 * calls that mount and unmount.
 *
 * <p>The process must never touch its own mount from a thread that serves it. mount(2), umount2(2)
 * and every stat of a mount of ours run on platform threads: a native call pins a virtual thread's
 * carrier.
 */
@NullMarked
package dev.mooring.fuse;

import org.jspecify.annotations.NullMarked;
