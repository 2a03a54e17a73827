/**
 * Waist A: what a file system is to Mooring, in nodes, names, open files and callers.
 *
 * <p>FUSE bindings call down through {@link dev.mooring.fs.FileSystem}; implementations answer with
 * values that carry the time until which they are true, or with {@link
 * dev.mooring.fs.ErrnoException}. Nothing here knows FUSE, SFTP, a library or the wall clock, so
 * everything between the two waists runs in memory and deterministically under test.
 *
 * <p>Any thread may call. A call that would have to wait says so first ({@link
 * dev.mooring.fs.WouldWait}) when its caller may not wait; all waiting is done by {@link
 * dev.mooring.fs.Pace#await}.
 */
@NullMarked
package dev.mooring.fs;

import org.jspecify.annotations.NullMarked;
