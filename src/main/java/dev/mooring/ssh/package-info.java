/**
 * Waist B: a duplex stream of bytes to a server's subsystem, and what is needed to get one: target,
 * credentials, host-key policy, connector.
 *
 * <p>Everything SSH is below; nothing below knows SFTP. Connecting waits and is done on a thread
 * that may wait; a {@link dev.mooring.ssh.SubsystemChannel} never waits.
 */
@NullMarked
package dev.mooring.ssh;

import org.jspecify.annotations.NullMarked;
