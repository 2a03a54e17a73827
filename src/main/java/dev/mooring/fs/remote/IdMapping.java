package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.util.HashMap;
import java.util.Map;

/**
 * Translates numeric owners between the server and this machine.
 *
 * @param users local uid by remote uid
 * @param groups local gid by remote gid
 * @param refuseUnmapped whether an id that its table does not have is EPERM or passes as it is;
 *     where there is no table, all pass
 */
public record IdMapping(
    Map<Integer, Integer> users, Map<Integer, Integer> groups, boolean refuseUnmapped) {

  /** Ids pass as they are. */
  public static final IdMapping NONE = new IdMapping(Map.of(), Map.of(), false);

  public IdMapping {
    users = Map.copyOf(users);
    groups = Map.copyOf(groups);
  }

  /** Whose a file of this remote owner is here. */
  public int localUid(int remote) throws ErrnoException {
    return translate(users, remote);
  }

  /** The same of a group. */
  public int localGid(int remote) throws ErrnoException {
    return translate(groups, remote);
  }

  /** Who this user is on the server. */
  public int remoteUid(int local) throws ErrnoException {
    return translate(inverse(users), local);
  }

  /** The same of a group. */
  public int remoteGid(int local) throws ErrnoException {
    return translate(inverse(groups), local);
  }

  private int translate(Map<Integer, Integer> table, int id) throws ErrnoException {
    Integer found = table.get(id);
    if (found != null) {
      return found;
    }
    if (refuseUnmapped && !table.isEmpty()) {
      throw new ErrnoException(
          Errno.EPERM, "no translation for id " + Integer.toUnsignedString(id));
    }
    return id;
  }

  /** Small and rarely asked: chown(2) only. */
  private static Map<Integer, Integer> inverse(Map<Integer, Integer> table) {
    Map<Integer, Integer> inverse = new HashMap<>();
    table.forEach((remote, local) -> inverse.putIfAbsent(local, remote));
    return inverse;
  }
}
