package dev.mooring.sftp;

/** The packet types of version 3 (draft-ietf-secsh-filexfer-02, section 3). */
final class PacketType {
  static final byte INIT = 1;
  static final byte VERSION = 2;
  static final byte OPEN = 3;
  static final byte CLOSE = 4;
  static final byte READ = 5;
  static final byte WRITE = 6;
  static final byte LSTAT = 7;
  static final byte FSTAT = 8;
  static final byte SETSTAT = 9;
  static final byte FSETSTAT = 10;
  static final byte OPENDIR = 11;
  static final byte READDIR = 12;
  static final byte REMOVE = 13;
  static final byte MKDIR = 14;
  static final byte RMDIR = 15;
  static final byte REALPATH = 16;
  static final byte STAT = 17;
  static final byte RENAME = 18;
  static final byte READLINK = 19;
  static final byte SYMLINK = 20;
  static final byte STATUS = 101;
  static final byte HANDLE = 102;
  static final byte DATA = 103;
  static final byte NAME = 104;
  static final byte ATTRS = 105;
  static final byte EXTENDED = (byte) 200;
  static final byte EXTENDED_REPLY = (byte) 201;

  private PacketType() {}

  /** For messages: the name of a reply, or the number of anything else. */
  static String nameOf(byte type) {
    return switch (type) {
      case VERSION -> "VERSION";
      case STATUS -> "STATUS";
      case HANDLE -> "HANDLE";
      case DATA -> "DATA";
      case NAME -> "NAME";
      case ATTRS -> "ATTRS";
      case EXTENDED_REPLY -> "EXTENDED_REPLY";
      default -> "packet type " + Byte.toUnsignedInt(type);
    };
  }
}
