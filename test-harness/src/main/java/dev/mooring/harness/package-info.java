/**
 * Mooring as an operator sees it: processes, mounts, a private sshd, a private dockerd. Nothing
 * here knows a class of the plugin, so what the tests and the benchmark do, a user can do.
 */
@NullMarked
package dev.mooring.harness;

import org.jspecify.annotations.NullMarked;
