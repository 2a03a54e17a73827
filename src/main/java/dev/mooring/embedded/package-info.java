/**
 * An SFTP server of our own on MINA's, for the demo, {@code mooring serve-sftp} and tests: loopback
 * only, a directory, a generated key. Nothing that mounts uses it.
 */
@NullMarked
package dev.mooring.embedded;

import org.jspecify.annotations.NullMarked;
