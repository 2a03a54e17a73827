/**
 * What every file system of ours must answer, as one suite of tests.
 *
 * <p>The tests speak {@link dev.mooring.contract.Posix}, which has two adapters: {@link
 * dev.mooring.contract.WaistPosix} stands where the kernel stands and walks a {@link
 * dev.mooring.fs.FileSystem}; {@link dev.mooring.contract.SyscallPosix} makes system calls below a
 * directory, whatever is mounted there. A subject is a subclass of {@link
 * dev.mooring.contract.FileSystemContract}, which says what the subject lacks; how it then refuses
 * is tested, too.
 */
@NullMarked
package dev.mooring.contract;

import org.jspecify.annotations.NullMarked;
