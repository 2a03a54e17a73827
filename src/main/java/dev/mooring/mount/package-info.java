/**
 * The life of one mount: connection, SFTP session, remote file system and FUSE put together, and
 * taken apart again in the right order.
 */
@NullMarked
package dev.mooring.mount;

import org.jspecify.annotations.NullMarked;
