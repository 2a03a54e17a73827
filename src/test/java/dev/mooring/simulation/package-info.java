/**
 * Runs that a seed decides, compared step by step with a model of what is right.
 *
 * <p>The machinery knows nothing of files: {@link dev.mooring.simulation.Seeds} goes through seeds,
 * {@link dev.mooring.simulation.Shrinker} makes a failing list of steps small, and both work on any
 * {@link dev.mooring.simulation.Simulation}. {@link dev.mooring.simulation.ModelSimulation} is the
 * one of file systems: {@link dev.mooring.simulation.Processes} make the calls of {@link
 * dev.mooring.simulation.Step}s on the remote file system in lock-step and on {@link
 * dev.mooring.simulation.World}s, the states in which the files may be by now.
 */
@NullMarked
package dev.mooring.simulation;

import org.jspecify.annotations.NullMarked;
