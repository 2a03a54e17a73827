/**
 * POSIX over SFTP: nodes, caches, read-ahead, write-behind, and what a status of the server means
 * in errno.
 *
 * <p>Called by FUSE bindings through {@link dev.mooring.fs.FileSystem}, on threads that may wait or
 * may not (each call's {@link dev.mooring.fs.Caller} says). No lock is held across a remote call.
 */
@NullMarked
package dev.mooring.fs.remote;

import org.jspecify.annotations.NullMarked;
