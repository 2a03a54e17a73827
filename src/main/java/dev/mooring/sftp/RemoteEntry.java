package dev.mooring.sftp;

import java.nio.ByteBuffer;

/**
 * One name of a READDIR reply, as the server sent it: not yet checked to be a file name.
 *
 * @param name read-only
 * @param longName as {@code ls -l} shows it; its second column is the number of links on OpenSSH
 */
public record RemoteEntry(ByteBuffer name, ByteBuffer longName, RemoteAttributes attributes) {}
