/**
 * FUSE by speaking the kernel's protocol on /dev/fuse, through {@code java.lang.foreign}: large
 * requests, READDIRPLUS, INTERRUPT, lifetimes per reply, invalidation, and no native library.
 *
 * <p>Two platform threads read requests. Each tries to answer at once, from memory; what would have
 * to wait is repeated on a virtual thread, so that a reader never waits for the file system.
 * Notifications are written on a thread of their own, because the kernel may hold them up until a
 * request is answered. No thread in here may touch a mount of this process, not even with a stat:
 * it would wait for a request that it must answer itself.
 *
 * <p>{@link dev.mooring.fuse.kernel.protocol} knows the bytes, {@link
 * dev.mooring.fuse.kernel.Operations} what they ask of a file system and what the kernel holds of
 * it, {@link dev.mooring.fuse.kernel.Dispatcher} on which thread that happens.
 */
@NullMarked
package dev.mooring.fuse.kernel;

import org.jspecify.annotations.NullMarked;
