/**
 * The same calls on mounts of ours and of C sshfs, over one sshd: what docs/SEMANTICS.md says to be
 * better here differs, and nothing else does.
 */
@NullMarked
package dev.mooring.differential;

import org.jspecify.annotations.NullMarked;
