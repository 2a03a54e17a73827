/**
 * Programs that check their own data run on a mount while the connection under it is cut, stalled
 * and delayed, and the server killed. No program may see an error and no byte may be wrong.
 */
@NullMarked
package dev.mooring.harness.soak;

import org.jspecify.annotations.NullMarked;
