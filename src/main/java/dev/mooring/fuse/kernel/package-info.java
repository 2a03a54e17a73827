/**
 * FUSE by speaking the kernel's protocol on /dev/fuse, through {@code java.lang.foreign}: large
 * requests, READDIRPLUS, INTERRUPT, lifetimes per reply, invalidation, and no native library.
 */
@NullMarked
package dev.mooring.fuse.kernel;

import org.jspecify.annotations.NullMarked;
