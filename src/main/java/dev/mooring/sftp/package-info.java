/**
 * SFTP version 3 with OpenSSH's extensions, pipelined: a pure codec, a table of requests in flight,
 * typed asynchronous verbs ({@link dev.mooring.sftp.SftpClient}), and a session that opens channels
 * again.
 *
 * <p>Verbs never wait: they return futures, which complete on the channel's I/O thread. Whoever
 * attaches an action to one must not wait in it. Sources: draft-ietf-secsh-filexfer-02 for version
 * 3, OpenSSH's PROTOCOL file for the extensions.
 */
@NullMarked
package dev.mooring.sftp;

import org.jspecify.annotations.NullMarked;
