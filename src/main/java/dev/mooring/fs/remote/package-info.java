/**
 * POSIX over SFTP: nodes, caches, read-ahead, write-behind, and what a status of the server means
 * in errno.
 *
 * <p>Called by FUSE bindings through {@link dev.mooring.fs.FileSystem}, on threads that may wait or
 * may not (each call's {@link dev.mooring.fs.Caller} says). {@code RemoteFileSystem} hands each
 * call to the class that is named after what it does; {@code Shared} is what these have in common.
 * Replies complete futures on the channel's I/O thread, which never waits here.
 *
 * <p>Three ideas keep it coherent. Every question takes a tick before it is sent, and every own
 * change takes one when it ends: an answer older than a change is never stored ({@code Ticks},
 * {@code AttributeCache}, {@code NodeTable}). Writes belong to the node, not to the descriptor
 * ({@code WriteBehind}). Every answer lives from when it was asked for.
 *
 * <p>Locks are the monitors of small classes and are taken in this order: {@code RemoteDirectory},
 * {@code Walks}, {@code SmallFiles}, {@code ReadAhead}, {@code NodeTable}, {@code WriteLine},
 * {@code WriteChange}; then one of the leaves {@code AttributeCache}, {@code ServerFile}, {@code
 * ReadPart}, {@code BufferPool}, {@code DirectoryListing}, {@code PageTrust}, {@code WriteErrors},
 * {@code RemoteNode}. No request is sent and nothing waits while one is held.
 */
@NullMarked
package dev.mooring.fs.remote;

import org.jspecify.annotations.NullMarked;
