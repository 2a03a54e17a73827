/** What tests of several packages share: servers, processes, stand-ins. Nothing here tests. */
@NullMarked
package dev.mooring.testing;

import org.jspecify.annotations.NullMarked;
