package dev.mooring.sftp;

/**
 * The pflags of OPEN, to be combined with {@code |} (draft-ietf-secsh-filexfer-02, section 6.3).
 */
public final class OpenMode {
  public static final int READ = 0x01;
  public static final int WRITE = 0x02;
  public static final int APPEND = 0x04;
  public static final int CREATE = 0x08;
  public static final int TRUNCATE = 0x10;
  public static final int EXCLUSIVE = 0x20;

  private OpenMode() {}
}
