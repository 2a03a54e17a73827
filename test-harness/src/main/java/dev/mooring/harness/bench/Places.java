package dev.mooring.harness.bench;

import java.nio.file.Path;

/**
 * Where one run of a workload is at work; each run has directories of its own, empty at first.
 *
 * @param served on the server
 * @param mounted the same through the mount
 * @param local beside it, for what is no part of the work
 */
record Places(Path served, Path mounted, Path local) {}
