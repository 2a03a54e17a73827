package dev.mooring.volume;

import dev.mooring.fs.FileName;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.TargetBytes;
import dev.mooring.fs.remote.NodeBudget;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fs.remote.RemoteSettings.Lifetimes;
import dev.mooring.fs.remote.RemoteSettings.Transfer;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import dev.mooring.sftp.SftpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is bounded, by which declaration, what happens there, and which test shows that. */
final class Limits {
  private static final String BEGINNING =
      """

      ## Limits

      At each of these something waits, is forgotten or fails; none of them ends the program but
      those that say so. The numbers are those that the program is built with.

      | what | at most | what happens there |
      |---|---|---|
      """;

  private static final String NUMBER = "[\\d_]+L?";
  private static final String WAIT = "requests queue";

  /**
   * A row.
   *
   * @param shownBy the test class, and the method if it is about more
   */
  record Limit(String what, String most, String then, String shownBy) {}

  private Limits() {}

  static List<Limit> all() {
    return Stream.of(ofTheProcess(), ofAMount(), ofAServer(), ofDocker())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Limit> ofTheProcess() {
    String gone = "the process ends with one line and status 3; dockerd starts the plugin again";
    return List.of(
        new Limit("Java heap of the plugin", argument("-Xmx(\\S+)"), gone, "OutOfMemoryIT"),
        new Limit(
            "Java heap of `mooring mount`",
            found(".ci/launcher", "-Xmx(\\S+)"),
            "the process ends with one line and status 3",
            "OutOfMemoryIT"),
        new Limit(
            "classes, compiled code",
            argument("MaxMetaspaceSize=(\\S+)") + ", " + argument("ReservedCodeCacheSize=(\\S+)"),
            "the process ends; less is compiled",
            "OutOfMemoryIT"),
        new Limit(
            "native memory for data, all mounts together",
            "%s, and for each %s to read and write and %s for requests"
                .formatted(
                    bytes(NativeMemory.SHARED_BYTES),
                    bytes(
                        value("fs/remote/BufferPool", "SURE")
                            * value("fs/remote/BufferPool", "BUFFER_BYTES")),
                    bytes(value("fuse/kernel/BufferPool", "KEPT") * Negotiation.MAX_TRANSFER)),
            "a mount waits for its own buffers",
            "BufferPoolTest#whatIsBeyondWhatAMountIsSureOfComesOutOfOneShareForAll"),
        new Limit(
            "files and directories that are known, all mounts together",
            "" + NodeBudget.MOST,
            "what nobody uses is forgotten, then the kernel is asked to let go; a quarter beyond,"
                + " looking up more is ENOMEM",
            "NodeBudgetTest"),
        new Limit(
            "log lines that nobody has read, of each stream",
            number("Logs", "QUEUED"),
            "further ones are dropped, and counted in a line of their own",
            "LogsIT"));
  }

  private static List<Limit> ofAMount() {
    return List.of(
        new Limit(
            "reading ahead and writing behind, one mount",
            bytes(Transfer.DEFAULT.poolBytes()),
            "reading ahead stops, read(2) and write(2) wait",
            "BackPressureTest#writersOfManyFilesWaitWhereTheMountHasNoMemoryLeft"),
        new Limit(
            "bytes of one file that the server has not acknowledged (`write_buffer`)",
            bytes(Transfer.DEFAULT.writeBufferBytes()),
            "write(2) waits, and is EIO after `timeout`",
            "BackPressureTest#aWriterWaitsWhereItsFileHasAsMuchUnwrittenAsItMayAndGivesUpInTime"),
        new Limit(
            "reading ahead of one open file (`prefetch_max`)",
            bytes(Transfer.DEFAULT.readAheadBytes()),
            "nothing more is asked for",
            "RoundTripsTest"),
        new Limit(
            "channels to the server, one mount (`max_conns`)",
            "" + Transfer.DEFAULT.maxChannels(),
            "large files share them",
            "BulkChannelsTest#oneChannelIsEnoughWhereNoMoreAreWanted"),
        new Limit(
            "requests being read and writes that wait, one mount",
            bytes(value("fuse/kernel/KernelFuseSession", "POOL_BYTES")),
            "further requests wait in the kernel",
            "BufferPoolTest#whatABurstNeededIsFreedWhenItIsOver"),
        new Limit(
            "requests that wait on a thread, one mount",
            "%s, with `fuse=jnr` %s"
                .formatted(
                    number("fuse/kernel/Dispatcher", "MOST_WAITING"),
                    number("fuse/jnr/RequestLoop", "MAX_THREADS")),
            "EIO at once, with `fuse=jnr` they wait in the kernel",
            "DispatcherTest#whatWouldWaitBesideTooManyOthersIsAnError"),
        new Limit(
            "files that nobody uses and that are remembered, one mount (`dcache_max_size`)",
            "" + Lifetimes.CLOSE_TO_OPEN.idleNodes(),
            "the oldest are forgotten",
            "RacesTest#ofNoMoreIdleFilesThanIsWantedIsAnythingRemembered"),
        new Limit(
            "entries of listings that are remembered, one mount",
            number("fs/remote/KeptListings", "MAX_ENTRIES"),
            "the oldest listings are forgotten",
            "KeptListingsTest"),
        new Limit(
            "entries of one directory",
            "" + RemoteSettings.MAX_LISTED,
            "listing it is ENOMEM",
            "HostileServerTest#aListingOfEverMoreNamesEnds"),
        new Limit(
            "a name",
            FileName.MAX_BYTES + " bytes",
            "ENAMETOOLONG; left out of listings",
            "NamesContract#aNameOf256BytesIsTooLong"),
        new Limit(
            "a path, the target of a link",
            TargetBytes.MAX_BYTES + " bytes",
            "ENAMETOOLONG",
            "HostileServerTest#aTargetThatCannotBeOneIsNotShown"));
  }

  private static List<Limit> ofAServer() {
    SftpSettings sftp = SftpSettings.DEFAULT;
    return List.of(
        new Limit(
            "file data on the wire, one channel",
            bytes(sftp.maxBytesInFlight()),
            WAIT,
            "RequestTableTest#bytesInFlightAreBoundedAndFirstComeIsFirstServed"),
        new Limit(
            "requests on the wire, one channel",
            "" + sftp.maxRequestsInFlight(),
            WAIT,
            "RequestTableTest#whatExceedsTheBoundsIsSentInOrderWhenRepliesMakeRoom"),
        new Limit(
            "requests in that queue",
            "" + sftp.maxRequestsQueued(),
            "EIO",
            "RequestTableTest#requestThatFindsTheQueueFullEnds"),
        new Limit(
            "requests that wait for a lost connection, one mount",
            "" + sftp.maxWaiting(),
            "EIO",
            "BackPressureTest#whatWouldWaitForTheConnectionBesideTooManyOthersIsAnError"),
        new Limit(
            "open files on the server, one channel",
            "what the server says, with OpenSSH about 1000",
            "open(2) is ENFILE",
            "ServerErrorsIT#tooManyOpenFilesAreToldAsSuch"),
        new Limit(
            "of these for what nobody has asked for yet",
            "a quarter, at most " + number("fs/remote/Allowance", "MOST"),
            "nothing more is opened ahead",
            "BudgetsTest"),
        new Limit(
            "a packet of the server",
            found("sftp/PacketFramer", "MAX_PACKET_BYTES = (\\d+) \\* 1024") + " KiB",
            "the channel is made anew; three times for one request are EIO",
            "HostileProtocolTest#whatBreaksTheProtocolEachTimeIsNotAskedForEver"),
        new Limit(
            "silence of a server that has requests to answer",
            found("sftp/Exchange", "SILENT_TIMEOUTS = (\\d+)") + " × `timeout`",
            "the channel is made anew",
            "HostileProtocolTest#anAnswerByteByByteEndsInTimeAndTheChannelIsReplaced"));
  }

  private static List<Limit> ofDocker() {
    return List.of(
        new Limit(
            "connections to the plugin's socket",
            number("docker/PluginServer", "MOST_CONNECTIONS"),
            "further ones wait",
            "ConnectionLimitTest"),
        new Limit(
            "requests without a reply, one such connection",
            number("docker/Connection", "MOST_AT_ONCE"),
            "no more are read",
            "PluginServerTest"),
        new Limit(
            "the body of a request",
            bytes(value("docker/RequestAssembly", "LONGEST_BODY")),
            "status 413",
            "PluginServerTest"),
        new Limit(
            "options of one volume, the value of one",
            "%s, %s KiB"
                .formatted(
                    number("volume/OptionReading", "MAX_OPTIONS"),
                    found("volume/OptionReading", "MAX_VALUE = (\\d+) \\* 1024")),
            "Create fails and says so",
            "OptionParserTest"));
  }

  /** The section. */
  static String section() {
    StringBuilder section = new StringBuilder(BEGINNING);
    for (Limit limit : all()) {
      section.append("| %s | %s | %s |\n".formatted(limit.what(), limit.most(), limit.then()));
    }
    return section.toString();
  }

  /** The value of a constant that only its own package may see. */
  private static String number(String type, String constant) {
    return "" + value(type, constant);
  }

  private static String bytes(long count) {
    long mib = count >> 20;
    return mib << 20 == count ? mib + " MiB" : count / 1_000_000 + " MB";
  }

  /** What is declared as a number, a product, or a number that is shifted. */
  private static long value(String type, String constant) {
    String declared =
        found(type, "\\b" + constant + " = (" + NUMBER + "(?: (?:\\*|<<) " + NUMBER + ")*);");
    String[] parts = declared.replaceAll("[_L]", "").split(" ", -1);
    long value = Long.parseLong(parts[0]);
    for (int i = 1; i < parts.length; i += 2) {
      long operand = Long.parseLong(parts[i + 1]);
      value = parts[i].equals("*") ? value * operand : value << operand;
    }
    return value;
  }

  private static String argument(String pattern) {
    return found("plugin/java.args", pattern);
  }

  /** What stands in a file, or in the source of a type. */
  private static String found(String place, String pattern) {
    Path file = Path.of(place);
    try {
      Path source =
          Files.exists(file) ? file : Path.of("src/main/java/dev/mooring/" + place + ".java");
      Matcher match = Pattern.compile(pattern).matcher(Files.readString(source));
      if (!match.find()) {
        throw new AssertionError(place + " has no " + pattern);
      }
      return match.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
