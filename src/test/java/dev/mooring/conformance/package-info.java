/**
 * A matrix of system calls, by root and by others, on a real mount and on tmpfs, which is right:
 * {@code src/test/resources/conformance/matrix.py} makes the calls, {@code known.txt} beside it
 * lists the differences that there are, each with its reason.
 */
@NullMarked
package dev.mooring.conformance;

import org.jspecify.annotations.NullMarked;
