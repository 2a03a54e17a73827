/**
 * FUSE through libfuse 2 and jnr-fuse: protocol 7.19, paths instead of nodes, 128 KiB requests.
 * Supported for hosts where {@code fuse.kernel} does not serve.
 *
 * <p>libfuse's upcall threads are platform threads with a short Java life: nothing here keeps
 * thread-locals. They may wait.
 */
@NullMarked
package dev.mooring.fuse.jnr;

import org.jspecify.annotations.NullMarked;
