package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings.Symlinks;
import dev.mooring.fs.remote.RemoteSettings.View;
import dev.mooring.sftp.RemoteAttributes;
import org.jspecify.annotations.Nullable;

/** What will be shown of owners, permissions and links. Not thread-safe. */
public final class ViewDraft {
  private @Nullable Integer uid;
  private @Nullable Integer gid;
  private @Nullable Integer umask;
  private @Nullable Integer fileMode;
  private @Nullable Integer dirMode;
  private boolean follow = Symlinks.CONTAINED.follow();
  private boolean transform = Symlinks.CONTAINED.transform();
  private boolean contain = Symlinks.CONTAINED.contain();
  private boolean hardLinks = true;

  /** Everything belongs to this user. */
  public void uid(int id) {
    uid = id;
  }

  /** Everything belongs to this group. */
  public void gid(int id) {
    gid = id;
  }

  /** Bits that no permissions have. */
  public void umask(int bits) {
    umask = bits;
  }

  /** Permissions of everything but directories. */
  public void fileMode(int permissions) {
    fileMode = permissions;
  }

  /** Permissions of directories. */
  public void dirMode(int permissions) {
    dirMode = permissions;
  }

  /** Whether the server follows symbolic links. */
  public void followSymlinks(boolean on) {
    follow = on;
  }

  /** Whether absolute targets below the root become relative. */
  public void transformSymlinks(boolean on) {
    transform = on;
  }

  /** Whether targets that could lead out are refused. */
  public void containSymlinks(boolean on) {
    contain = on;
  }

  /** Whether link(2) is passed on. */
  public void hardLinks(boolean on) {
    hardLinks = on;
  }

  /** As whom the login is shown where its numbers are translated. */
  RemoteAttributes.Owner login() {
    RemoteAttributes.Owner ours = LoginOwner.ofThisProcess();
    return new RemoteAttributes.Owner(
        uid == null ? ours.uid() : uid, gid == null ? ours.gid() : gid);
  }

  /**
   * What is shown.
   *
   * @param ownersToo false where owners are translated, and not shown as one
   */
  View view(boolean ownersToo) {
    return new View(ownersToo ? uid : null, ownersToo ? gid : null, umask, fileMode, dirMode);
  }

  Symlinks symlinks() {
    return new Symlinks(follow, transform, contain);
  }

  boolean hardLinks() {
    return hardLinks;
  }
}
