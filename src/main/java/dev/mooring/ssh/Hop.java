package dev.mooring.ssh;

/** A host that a connection goes through, which is logged in to like the last one. */
public record Hop(SshTarget target, Credentials credentials, HostKeyPolicy hostKeys) {}
