package dev.mooring.volume;

import dev.mooring.fs.FileName;
import dev.mooring.fs.TargetBytes;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fs.remote.RemoteSettings.Transfer;
import dev.mooring.sftp.SftpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is bounded, by which declaration, and what happens there: a part of the reference page. */
final class Limits {
  private static final String BEGINNING =
      """

      ## Limits

      At each of these something waits or a call fails; none of them ends the program but the first
      two. The numbers are those that the program is built with.

      | what | at most | what happens there |
      |---|---|---|
      """;

  private record Limit(String what, String most, String then) {}

  private Limits() {}

  private static List<Limit> all() {
    SftpSettings sftp = SftpSettings.DEFAULT;
    Transfer transfer = Transfer.DEFAULT;
    String gone = "the process ends; dockerd starts the plugin again";
    return List.of(
        new Limit("Java heap of the plugin", argument("plugin/java.args", "-Xmx(\\S+)"), gone),
        new Limit("Java heap of `mooring mount`", argument(".ci/launcher", "-Xmx(\\S+)"), gone),
        new Limit(
            "reading ahead and writing behind, one mount",
            bytes(transfer.poolBytes()),
            "reading ahead stops, read(2) and write(2) wait"),
        new Limit(
            "bytes of one file that the server has not acknowledged (`write_buffer`)",
            bytes(transfer.writeBufferBytes()),
            "write(2) waits, and is EIO after `timeout`"),
        new Limit(
            "reading ahead of one open file (`prefetch_max`)",
            bytes(transfer.readAheadBytes()),
            "nothing more is asked for"),
        new Limit(
            "file data on the wire, one channel", bytes(sftp.maxBytesInFlight()), "requests queue"),
        new Limit(
            "requests on the wire, one channel", "" + sftp.maxRequestsInFlight(), "requests queue"),
        new Limit("requests in that queue", "" + sftp.maxRequestsQueued(), "EIO"),
        new Limit(
            "requests that wait for a lost connection, one mount", "" + sftp.maxWaiting(), "EIO"),
        new Limit(
            "entries of one directory", "" + RemoteSettings.MAX_LISTED, "listing it is ENOMEM"),
        new Limit("a name", FileName.MAX_BYTES + " bytes", "ENAMETOOLONG; left out of listings"),
        new Limit(
            "a path, the target of a link", TargetBytes.MAX_BYTES + " bytes", "ENAMETOOLONG"));
  }

  /** The section. */
  static String section() {
    StringBuilder section = new StringBuilder(BEGINNING);
    for (Limit limit : all()) {
      section.append("| %s | %s | %s |\n".formatted(limit.what(), limit.most(), limit.then()));
    }
    return section.toString();
  }

  private static String bytes(long count) {
    long mib = count >> 20;
    return mib << 20 == count ? mib + " MiB" : count / 1_000_000 + " MB";
  }

  private static String argument(String file, String pattern) {
    try {
      Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
      if (!found.find()) {
        throw new AssertionError(file + " has no " + pattern);
      }
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
