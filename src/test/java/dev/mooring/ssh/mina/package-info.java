/** Tests of the transport, most of them against a real OpenSSH server. */
@NullMarked
package dev.mooring.ssh.mina;

import org.jspecify.annotations.NullMarked;
