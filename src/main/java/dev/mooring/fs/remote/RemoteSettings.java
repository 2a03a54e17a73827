package dev.mooring.fs.remote;

import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one directory of a server is shown as a file system.
 *
 * @param root the directory that is shown
 * @param owners what becomes of owners
 * @param view what every file and directory is shown with, whatever the server says
 * @param symlinks how symbolic links are read
 * @param lifetimes how long answers of the server are believed
 * @param transfer sizes and memory of reading and writing
 * @param hardLinks whether link(2) is passed on
 * @param recovery how long a dead handle is tried to be opened again before its callers see EIO;
 *     null is for ever, "hard"
 */
public record RemoteSettings(
    RemotePath root,
    Owners owners,
    View view,
    Symlinks symlinks,
    Lifetimes lifetimes,
    Transfer transfer,
    boolean hardLinks,
    @Nullable Duration recovery) {

  /** How many entries a directory may have: the heap holds no more. */
  public static final int MAX_LISTED = 300_000;

  /** The defaults for a directory. */
  public static RemoteSettings of(RemotePath root) {
    return new RemoteSettings(
        root,
        Owners.OF_THE_SERVER,
        View.AS_IS,
        Symlinks.CONTAINED,
        Lifetimes.CLOSE_TO_OPEN,
        Transfer.DEFAULT,
        true,
        Duration.ofSeconds(30));
  }

  /** Whether a lost server is waited for without end. */
  public boolean isHard() {
    return recovery == null;
  }

  /** The same, waiting for a lost server without end. */
  public RemoteSettings waitingForEver() {
    return new RemoteSettings(root, owners, view, symlinks, lifetimes, transfer, hardLinks, null);
  }

  /** The same of another directory. */
  public RemoteSettings with(RemotePath other) {
    return new RemoteSettings(
        other, owners, view, symlinks, lifetimes, transfer, hardLinks, recovery);
  }

  /** The same with other lifetimes. */
  public RemoteSettings with(Lifetimes other) {
    return new RemoteSettings(root, owners, view, symlinks, other, transfer, hardLinks, recovery);
  }

  /** The same with other sizes. */
  public RemoteSettings with(Transfer other) {
    return new RemoteSettings(root, owners, view, symlinks, lifetimes, other, hardLinks, recovery);
  }

  /** The same with another way to read symbolic links. */
  public RemoteSettings with(Symlinks other) {
    return new RemoteSettings(root, owners, view, other, lifetimes, transfer, hardLinks, recovery);
  }

  /** The same with other values to show. */
  public RemoteSettings with(View other) {
    return new RemoteSettings(
        root, owners, other, symlinks, lifetimes, transfer, hardLinks, recovery);
  }

  /** The same with other owners. */
  public RemoteSettings with(Owners other) {
    return new RemoteSettings(
        root, other, view, symlinks, lifetimes, transfer, hardLinks, recovery);
  }

  /**
   * What becomes of owners.
   *
   * @param ids numbers on their way in and out
   * @param chown what a refused change of owner means
   * @param ofCallers whether what is made belongs to who makes it, where the login may give files
   *     away, as root may
   * @param login who the login is here; for whoever finds out who it is there. Null if it is not to
   *     be translated
   */
  public record Owners(
      IdMapping ids, Chown chown, boolean ofCallers, RemoteAttributes.@Nullable Owner login) {
    /** As the server says; what it refuses to give away is shown as given. */
    public static final Owners OF_THE_SERVER = new Owners(IdMapping.NONE, Chown.AUTO, false, null);

    /** The same with another translation. */
    public Owners with(IdMapping other) {
      return new Owners(other, chown, ofCallers, login);
    }
  }

  /** What a refused change of owner means. */
  public enum Chown {
    /** It is taken as done and shown for the life of the node, as image copy-up needs it. */
    AUTO,
    /** EPERM. */
    STRICT
  }

  /** Whether a write waits for the server. */
  public enum WriteMode {
    /** Flush, fsync and close wait. */
    BEHIND,
    /** Every write waits. */
    SYNC
  }

  /**
   * What is shown instead of what the server says; null shows the server's.
   *
   * @param umask bits taken out of all permissions
   * @param fileMode permissions of everything but directories
   * @param dirMode permissions of directories
   */
  public record View(
      @Nullable Integer uid,
      @Nullable Integer gid,
      @Nullable Integer umask,
      @Nullable Integer fileMode,
      @Nullable Integer dirMode) {
    /** Everything as the server says. */
    public static final View AS_IS = new View(null, null, null, null, null);
  }

  /**
   * How symbolic links are read.
   *
   * @param follow the server follows them: they are shown as what they lead to
   * @param transform absolute targets below the root are made relative
   * @param contain targets that could lead out of the mount are refused with EPERM
   */
  public record Symlinks(boolean follow, boolean transform, boolean contain) {
    /** Shown as links; those that could lead out are refused. */
    public static final Symlinks CONTAINED = new Symlinks(false, false, true);
  }

  /**
   * For how long an answer is believed, counted from when it was asked for.
   *
   * @param attributes of what is not open
   * @param openAttributes of an open file
   * @param entries that a name leads to a node
   * @param absent that there is nothing under a name
   * @param directories complete listings
   * @param statistics statfs
   * @param idleNodes of how many files that nobody uses something is remembered
   */
  public record Lifetimes(
      Duration attributes,
      Duration openAttributes,
      Duration entries,
      Duration absent,
      Duration directories,
      Duration statistics,
      int idleNodes) {
    private static final int IDLE_NODES = 10_000;

    /** Nothing is believed twice. */
    public static final Lifetimes STRICT = ofSeconds(0, 0, 0, 0);

    /** What an open(2) shows is at most as old as the last close(2) elsewhere: the default. */
    public static final Lifetimes CLOSE_TO_OPEN = ofSeconds(5, 1, 1, 2);

    /** For data that nobody else changes. */
    public static final Lifetimes RELAXED = ofSeconds(60, 60, 60, 60);

    private static Lifetimes ofSeconds(int answers, int open, int absent, int statistics) {
      Duration most = Duration.ofSeconds(answers);
      return new Lifetimes(
          most,
          Duration.ofSeconds(open),
          most,
          Duration.ofSeconds(absent),
          most,
          Duration.ofSeconds(statistics),
          IDLE_NODES);
    }
  }

  /**
   * Sizes, all in bytes.
   *
   * @param maxReadBytes the longest READ, if the server takes as much
   * @param maxWriteBytes the longest WRITE, if the server takes as much
   * @param writeBufferBytes how much of one file may wait to be written
   * @param poolBytes memory for reading ahead and writing behind together
   * @param readAheadBytes the widest read-ahead of one open file; 0 turns it off
   * @param maxChannels how many channels to the server at most, the one for metadata included
   * @param readdirDepth how many READDIR are sent at first without waiting; 1 keeps it at one
   */
  public record Transfer(
      int maxReadBytes,
      int maxWriteBytes,
      long writeBufferBytes,
      long poolBytes,
      int readAheadBytes,
      int maxChannels,
      int readdirDepth,
      WriteMode writeMode) {
    private static final int MIB = 1 << 20;

    /** 8 MiB of read-ahead and 16 MiB of dirty bytes for a file, from 64 MiB for all. */
    public static final Transfer DEFAULT =
        new Transfer(MIB, MIB, 16 * MIB, 64 * MIB, 8 * MIB, 4, 4, WriteMode.BEHIND);

    /** The same with another bound of channels. */
    public Transfer withMaxChannels(int channels) {
      return new Transfer(
          maxReadBytes,
          maxWriteBytes,
          writeBufferBytes,
          poolBytes,
          readAheadBytes,
          channels,
          readdirDepth,
          writeMode);
    }

    /** The same with every write waited for. */
    public Transfer synchronous() {
      return new Transfer(
          maxReadBytes,
          maxWriteBytes,
          writeBufferBytes,
          poolBytes,
          readAheadBytes,
          maxChannels,
          readdirDepth,
          WriteMode.SYNC);
    }
  }
}
