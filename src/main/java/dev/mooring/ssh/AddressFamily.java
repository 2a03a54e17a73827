package dev.mooring.ssh;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses of a server count. */
public enum AddressFamily {
  ANY,
  IPV4,
  IPV6;

  /** Whether this address does. */
  public boolean has(InetAddress address) {
    return switch (this) {
      case ANY -> true;
      case IPV4 -> address instanceof Inet4Address;
      case IPV6 -> address instanceof Inet6Address;
    };
  }
}
