/**
 * Programs that nobody here wrote, on a real mount of a directory that OpenSSH's sftp-server
 * serves: each does its work, and then says itself whether everything is as it should be.
 */
@NullMarked
package dev.mooring.programs;

import org.jspecify.annotations.NullMarked;
