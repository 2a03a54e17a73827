/** Tests of the values that describe a connection. */
@NullMarked
package dev.mooring.ssh;

import org.jspecify.annotations.NullMarked;
