/**
 * Waist B on Apache MINA SSHD: connecting, host keys and authentication are MINA's, the channel is
 * our own so that bytes are copied once and window adjustments are few.
 *
 * <p>Only {@code dev.mooring.Main} constructs what is here. Its I/O threads deliver bytes and never
 * wait. The measurements behind the settings stand in docs/TRANSPORT.md.
 */
@NullMarked
package dev.mooring.ssh.mina;

import org.jspecify.annotations.NullMarked;
