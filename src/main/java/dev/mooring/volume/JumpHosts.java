package dev.mooring.volume;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what ProxyJump takes: {@code [user@]host[:port]} or ssh URIs, with commas between them. */
final class JumpHosts {
  private static final int MOST = 8;

  /** One of them; what is not said comes from ssh_config or is as for the volume. */
  record JumpHost(@Nullable String user, String host, @Nullable Integer port) {}

  private JumpHosts() {}

  /** All, in the order in which they are gone through. */
  static List<JumpHost> parse(String value) throws InvalidValue {
    List<JumpHost> hosts = new ArrayList<>();
    if (value.strip().equalsIgnoreCase("none")) {
      return hosts;
    }
    for (String text : value.split(",", -1)) {
      hosts.add(one(text.strip()));
    }
    if (hosts.size() > MOST) {
      throw new InvalidValue(OptionTrouble.TOO_MANY_HOPS, MOST);
    }
    return hosts;
  }

  private static JumpHost one(String text) throws InvalidValue {
    String address = text.startsWith("ssh://") ? text.substring("ssh://".length()) : text;
    int at = address.lastIndexOf('@');
    @Nullable String user = at < 0 ? null : Source.user(address.substring(0, at));
    String rest = address.substring(at + 1);
    int bracket = rest.indexOf(']');
    int colon = rest.indexOf(':', Math.max(0, bracket));
    if (bracket < 0 && colon != rest.lastIndexOf(':')) {
      throw new InvalidValue(OptionTrouble.BARE_IPV6_HOP);
    }
    if (colon < 0) {
      return new JumpHost(user, Source.host(rest), null);
    }
    int port = Syntax.number(1, SshfsOptions.MAX_PORT).parse(rest.substring(colon + 1));
    return new JumpHost(user, Source.host(rest.substring(0, colon)), port);
  }
}
