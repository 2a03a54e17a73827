/**
 * What users do with {@code docker} and the plugin, in a real dockerd against a real sshd. One
 * stage serves all tests of a run; each test makes its own volumes, containers and remote
 * directories.
 */
@NullMarked
package dev.mooring.harness.e2e;

import org.jspecify.annotations.NullMarked;
