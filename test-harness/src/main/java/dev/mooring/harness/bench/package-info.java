/**
 * The benchmark: Mooring beside C sshfs on the same server, in the same run, interleaved, with the
 * same cipher. What counts are ratios, since machines differ and are noisy; nothing here passes or
 * fails by speed.
 */
@NullMarked
package dev.mooring.harness.bench;

import org.jspecify.annotations.NullMarked;
