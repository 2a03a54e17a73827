/**
 * Three nodes, one server: what users do with a Swarm and what happens to them there. One cluster
 * serves all tests of a run; each makes its own stacks and remote directories. It ends with the
 * enclosure that the run is in.
 */
@NullMarked
package dev.mooring.harness.swarm;

import org.jspecify.annotations.NullMarked;
