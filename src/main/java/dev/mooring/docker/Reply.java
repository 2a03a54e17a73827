package dev.mooring.docker;

import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * A response with its status.
 *
 * @param ifUndelivered takes back what was done when the caller hung up before it could be told;
 *     may wait
 */
record Reply(HttpResponseStatus status, PluginResponse response, Runnable ifUndelivered) {
  private static final int LONGEST = 1000;

  static Reply ok(PluginResponse response) {
    return ok(response, () -> {});
  }

  static Reply ok(PluginResponse response, Runnable ifUndelivered) {
    return new Reply(HttpResponseStatus.OK, response, ifUndelivered);
  }

  /** A failure, put on one line of at most a thousand characters. */
  static Reply failed(HttpResponseStatus status, String text) {
    String line = text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
    line = line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    return new Reply(status, new PluginResponse.Failed(line), () -> {});
  }
}
