package dev.mooring.ssh;

import java.time.Duration;

/**
 * One phase of connecting that went well.
 *
 * @param target what was reached, a host on the way or the server itself
 * @param found what was found out in it, for people; text of the server is escaped
 */
public record PassedPhase(SshFailure.Phase phase, SshTarget target, String found, Duration took) {}
