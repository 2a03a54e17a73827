/**
 * Three machines on one: nodes in name spaces of their own, the switch between them, a file server
 * on the third, one Docker Swarm, the plugin in each. All of it lives in an enclosure ({@code
 * test-harness/enclosed}), with which it ends.
 */
@NullMarked
package dev.mooring.harness.swarm;

import org.jspecify.annotations.NullMarked;
