/**
 * The kernel's FUSE protocol as bytes, after {@code include/uapi/linux/fuse.h}: requests are
 * decoded into {@link dev.mooring.fuse.kernel.protocol.Request}, and {@link
 * dev.mooring.fuse.kernel.protocol.Reply} is encoded. All structures are of fixed width, aligned to
 * eight bytes and in the machine's byte order, the same on x86-64 and aarch64.
 *
 * <p>Pure: no thread, no system call, no state. Whatever bytes come in, the decoder answers a
 * request or throws {@link dev.mooring.fs.ErrnoException}.
 */
@NullMarked
package dev.mooring.fuse.kernel.protocol;

import org.jspecify.annotations.NullMarked;
