package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.RemotePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a symbolic link of the server is shown as. The kernel of this machine follows links, so a
 * target that leads out of the mount would lead to this machine's files.
 *
 * <p>Contained is a relative target whose {@code ..} all stand at its beginning and are no more
 * than the directories between the link and the root. A {@code ..} behind a name is refused, for
 * the name may itself be a link, of which the text says nothing.
 */
final class SymlinkPolicy {
  private final RemoteSettings.Symlinks settings;
  private final String root;

  SymlinkPolicy(RemoteSettings.Symlinks settings, RemotePath root) {
    this.settings = settings;
    this.root = latin(bytes(root));
  }

  private static byte[] bytes(RemotePath path) {
    byte[] bytes = new byte[path.length()];
    path.bytes().get(bytes);
    return bytes;
  }

  /** One character for each byte: a way to cut bytes into names that loses nothing. */
  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * The target as the kernel may see it.
   *
   * @param depth how many directories are between the link and the root
   * @throws ErrnoException EPERM when it could lead out
   */
  TargetBytes show(TargetBytes target, int depth) throws ErrnoException {
    String text = latin(target.toByteArray());
    if (settings.transform() && text.startsWith("/")) {
      text = transformed(text, depth);
    }
    if (settings.contain() && !isContained(text, depth)) {
      throw new ErrnoException(Errno.EPERM, "symbolic link out of the mount");
    }
    return TargetBytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String transformed(String target, int depth) {
    List<String> base = names(root);
    List<String> names = names(target);
    if (!root.startsWith("/") || names.size() < base.size()) {
      return target;
    }
    if (!names.subList(0, base.size()).equals(base)) {
      return target;
    }
    String up = "../".repeat(depth);
    String down = String.join("/", names.subList(base.size(), names.size()));
    String relative = up + down;
    return relative.isEmpty() ? "." : relative;
  }

  private static boolean isContained(String target, int depth) {
    if (target.startsWith("/")) {
      return false;
    }
    int up = 0;
    boolean named = false;
    for (String name : names(target)) {
      if (!name.equals("..")) {
        named = true;
      } else if (named || ++up > depth) {
        return false;
      }
    }
    return true;
  }

  /** The names between slashes; what stands for no step is left out. */
  private static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }
}
