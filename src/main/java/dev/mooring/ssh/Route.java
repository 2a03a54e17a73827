package dev.mooring.ssh;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server.
 *
 * @param family which of its addresses count
 * @param bindAddress the address to connect from; null for the one that routing chooses
 * @param attempts how often its addresses are tried
 * @param hostKeyAlias its name in known_hosts, where that is another
 * @param jumps hosts to go through, the first one first
 */
public record Route(
    AddressFamily family,
    @Nullable String bindAddress,
    int attempts,
    @Nullable String hostKeyAlias,
    List<Hop> jumps) {

  /** The straight one. */
  public static final Route DIRECT = new Route(AddressFamily.ANY, null, 1, null, List.of());

  public Route {
    jumps = List.copyOf(jumps);
  }
}
