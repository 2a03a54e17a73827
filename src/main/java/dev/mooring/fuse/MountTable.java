package dev.mooring.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts that this process sees, from {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)).
 * Reading it asks no file system, so a mount that hangs or is dead does not matter.
 *
 * @param mounts in the order of mounting; a later one at the same place lies on top
 */
public record MountTable(List<Mount> mounts) {
  private static final Path SELF = Path.of("/proc/self/mountinfo");

  public MountTable {
    mounts = List.copyOf(mounts);
  }

  /**
   * One line of the table.
   *
   * @param minor minor number of the device; for FUSE its number below {@code
   *     /sys/fs/fuse/connections}
   * @param root which directory of the file system is seen
   * @param shared whether mounts below it propagate to other name spaces
   * @param type such as {@code fuse.sshfs}
   */
  public record Mount(
      int id,
      int parent,
      int major,
      int minor,
      String root,
      Path mountPoint,
      String options,
      boolean shared,
      String type,
      String source) {}

  /** The table as it is now. */
  public static MountTable read() throws IOException {
    // Names are bytes; Latin-1 keeps each of them until the escapes have been taken out.
    return parse(Files.readAllLines(SELF, StandardCharsets.ISO_8859_1));
  }

  static MountTable parse(List<String> lines) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : lines) {
      mounts.add(parse(line));
    }
    return new MountTable(mounts);
  }

  private static Mount parse(String line) {
    // The optional fields between the sixth field and the dash are any number.
    int dash = line.indexOf(" - ");
    String[] before = line.substring(0, dash).split(" ", 7);
    String[] after = line.substring(dash + 3).split(" ", 3);
    String[] device = before[2].split(":", 2);
    return new Mount(
        Integer.parseInt(before[0]),
        Integer.parseInt(before[1]),
        Integer.parseInt(device[0]),
        Integer.parseInt(device[1]),
        unescape(before[3]),
        Path.of(unescape(before[4])),
        before[5],
        before.length > 6 && before[6].contains("shared:"),
        after[0],
        unescape(after[1]));
  }

  /** Space, tab, newline and backslash stand there as three octal digits. */
  private static String unescape(String field) {
    byte[] bytes = new byte[field.length()];
    int length = 0;
    for (int at = 0; at < field.length(); at++) {
      if (field.charAt(at) == '\\' && at + 3 < field.length()) {
        bytes[length++] = (byte) Integer.parseInt(field, at + 1, at + 4, 8);
        at += 3;
      } else {
        bytes[length++] = (byte) field.charAt(at);
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /** What is seen at a place: the topmost mount exactly there. */
  public Optional<Mount> topAt(Path mountPoint) {
    return mounts.reversed().stream().filter(m -> m.mountPoint().equals(mountPoint)).findFirst();
  }
}
