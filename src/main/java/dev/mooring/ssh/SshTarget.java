package dev.mooring.ssh;

/**
 * Where to connect.
 *
 * @param host a name or an address, IPv6 without brackets
 */
public record SshTarget(String user, String host, int port) {
  /** As people write it: {@code user@host:port}, IPv6 in brackets. */
  @Override
  public String toString() {
    return user + "@" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
