/**
 * Volumes as Docker knows them: names, options (each declared once), the registry, and the state
 * that survives a restart.
 */
@NullMarked
package dev.mooring.volume;

import org.jspecify.annotations.NullMarked;
