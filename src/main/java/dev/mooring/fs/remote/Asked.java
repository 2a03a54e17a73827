package dev.mooring.fs.remote;

/**
 * When a question was sent to the server.
 *
 * @param nanos the instant from which the answer's lifetime counts: it cannot be older
 * @param tick orders questions and own changes among each other, also within one instant
 */
record Asked(long nanos, long tick) {}
