/** Tests of the embedded server. */
@NullMarked
package dev.mooring.embedded;

import org.jspecify.annotations.NullMarked;
