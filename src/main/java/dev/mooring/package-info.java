/**
 * The program itself: {@code Main} with its subcommands, the set-up of logging, and the only place
 * that picks implementations and wires them together. Nothing in the other packages may look here.
 */
@NullMarked
package dev.mooring;

import org.jspecify.annotations.NullMarked;
