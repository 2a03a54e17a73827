package dev.mooring.mount;

import dev.mooring.fs.remote.IdMapping;
import dev.mooring.fs.remote.RemoteSettings.Chown;
import dev.mooring.fs.remote.RemoteSettings.Owners;
import dev.mooring.sftp.RemoteAttributes;
import java.util.HashMap;
import java.util.Map;

/** What will become of owners. Not thread-safe. */
public final class OwnersDraft {
  /** How numbers are translated. */
  public enum Translation {
    /** Not at all. */
    NONE,
    /** The login's user and group are those of the mount. */
    LOGIN,
    /** By the tables that are given; giving one says as much. */
    TABLES
  }

  /** What becomes of a change of owner that the server refuses. */
  public enum Refusal {
    /** It is shown as done. */
    SHOW,
    /** The same, and later mounts show it too. */
    REMEMBER,
    /** It is an error. */
    FAIL
  }

  private final Map<Integer, Integer> users = new HashMap<>();
  private final Map<Integer, Integer> groups = new HashMap<>();
  private Translation translation = Translation.NONE;
  private boolean refuseUnmapped = true;
  private Refusal refusedChown = Refusal.SHOW;
  private boolean ofCallers;

  /** How numbers are translated. */
  public void translation(Translation how) {
    translation = how;
  }

  /** More pairs of a remote user and the local one. */
  public void users(Map<Integer, Integer> more) {
    users.putAll(more);
  }

  /** More pairs of a remote group and the local one. */
  public void groups(Map<Integer, Integer> more) {
    groups.putAll(more);
  }

  /** Whether a number that no table has is an error, or passes as it is. */
  public void refuseUnmapped(boolean refuse) {
    refuseUnmapped = refuse;
  }

  /** What becomes of a change of owner that the server refuses. */
  public void refusedChown(Refusal then) {
    refusedChown = then;
  }

  /** Whether what is made belongs to who makes it. */
  public void ofCallers(boolean on) {
    ofCallers = on;
  }

  boolean remembersRefused() {
    return refusedChown == Refusal.REMEMBER;
  }

  boolean translatesLogin() {
    return translation == Translation.LOGIN;
  }

  /**
   * The finished owners.
   *
   * @param here who the login is here, if it is to be translated
   */
  Owners owners(RemoteAttributes.Owner here) {
    boolean given = !users.isEmpty() || !groups.isEmpty();
    IdMapping ids =
        given && !translatesLogin() ? new IdMapping(users, groups, refuseUnmapped) : IdMapping.NONE;
    return new Owners(ids, chown(), ofCallers, translatesLogin() ? here : null);
  }

  private Chown chown() {
    return switch (refusedChown) {
      case SHOW, REMEMBER -> Chown.AUTO;
      case FAIL -> Chown.STRICT;
    };
  }
}
