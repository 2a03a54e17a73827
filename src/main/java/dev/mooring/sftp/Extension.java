package dev.mooring.sftp;

/** The extensions of OpenSSH's sftp-server, with the names and versions that it announces. */
public enum Extension {
  POSIX_RENAME("posix-rename@openssh.com", "1"),
  STATVFS("statvfs@openssh.com", "2"),
  FSTATVFS("fstatvfs@openssh.com", "2"),
  HARDLINK("hardlink@openssh.com", "1"),
  FSYNC("fsync@openssh.com", "1"),
  LSETSTAT("lsetstat@openssh.com", "1"),
  LIMITS("limits@openssh.com", "1"),
  EXPAND_PATH("expand-path@openssh.com", "1"),
  COPY_DATA("copy-data", "1"),
  HOME_DIRECTORY("home-directory", "1"),
  USERS_GROUPS_BY_ID("users-groups-by-id@openssh.com", "1");

  private final String wireName;
  private final String version;

  Extension(String wireName, String version) {
    this.wireName = wireName;
    this.version = version;
  }

  /** As VERSION announces it and EXTENDED names it. */
  public String wireName() {
    return wireName;
  }

  /** The version whose request and reply we speak. */
  public String version() {
    return version;
  }
}
