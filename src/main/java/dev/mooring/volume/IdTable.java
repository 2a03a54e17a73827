package dev.mooring.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the tables of {@code idmap=file}: lines as sshfs has them, a local name, a colon and the
 * remote number, or as in passwd(5); and with a number in the name's place, for the plugin knows no
 * names.
 */
final class IdTable {
  static final Path USERS = Path.of("/etc/passwd");
  static final Path GROUPS = Path.of("/etc/group");

  private static final int PASSWD_ID = 2;

  private IdTable() {}

  /**
   * The local number of each remote one.
   *
   * @param names where names of this machine stand
   */
  static Map<Integer, Integer> read(KeyDirectory keys, String named, Path names)
      throws InvalidValue {
    Path file = keys.file(named);
    Map<Integer, Integer> localOfRemote = new HashMap<>();
    for (String line : lines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.strip().split(":", -1);
      String remote = fields.length > PASSWD_ID ? fields[PASSWD_ID] : fields[fields.length - 1];
      if (fields.length < PASSWD_ID || !isNumber(remote)) {
        throw new InvalidValue(OptionTrouble.ID_TABLE, file, line);
      }
      localOfRemote.put(Integer.parseUnsignedInt(remote), local(fields[0].strip(), names, file));
    }
    return localOfRemote;
  }

  private static List<String> lines(Path file) throws InvalidValue {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw KeyDirectory.unreadable(file, e);
    }
  }

  private static int local(String user, Path names, Path file) throws InvalidValue {
    if (isNumber(user)) {
      return Integer.parseUnsignedInt(user);
    }
    for (String line : lines(names)) {
      String[] fields = line.split(":", -1);
      if (fields[0].equals(user) && fields.length > PASSWD_ID && isNumber(fields[PASSWD_ID])) {
        return Integer.parseUnsignedInt(fields[PASSWD_ID]);
      }
    }
    throw new InvalidValue(OptionTrouble.ID_UNKNOWN, file, user);
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d{1,10}") && Long.parseLong(text) < 0xffffffffL;
  }
}
