package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Pace;
import dev.mooring.mount.Start.NewDirectory;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Looks at the directory that is to be mounted, before it is. */
final class RemoteRoot {
  /** S_IFMT of inode(7): the bits of a mode that say what kind of file it is. */
  private static final int FORMAT = 0170000;

  private final SftpClient client;
  private final String target;
  private final Pace pace;
  private final Caller caller;

  RemoteRoot(SftpClient client, String target, Pace pace, Duration time) {
    this.client = client;
    this.target = target;
    this.pace = pace;
    this.caller = Waiting.within(time, pace);
  }

  /**
   * The absolute path of the directory, with links followed; made first, if that is wanted and it
   * is not there.
   */
  RemotePath resolve(RemotePath directory, Start start) throws MountFailure {
    try {
      RemotePath path = expanded(directory);
      NewDirectory wanted = start.create();
      if (wanted != null) {
        new RemoteDirectoryMaker(client, target, caller, pace).make(path, wanted);
      }
      if (start.checkDirectory()) {
        check(path);
      }
      return canonical(path);
    } catch (MountFailure e) {
      throw e;
    } catch (IOException e) {
      throw new MountFailure.Mounting(
          MountTrouble.ODD_ANSWER, target, e, String.valueOf(e.getMessage()));
    }
  }

  /** The directory without asking the server: what begins at home begins at the login directory. */
  static RemotePath unseen(RemotePath directory) {
    String path = directory.toString();
    if (path.equals("~") || path.startsWith("~/")) {
      return RemotePath.of(path.substring(Math.min(2, path.length())));
    }
    return directory;
  }

  private RemotePath expanded(RemotePath path) throws IOException {
    boolean home = path.bytes().get(0) == '~';
    return home && client.extensions().contains(Extension.EXPAND_PATH)
        ? get(client.expandPath(path))
        : path;
  }

  private void check(RemotePath path) throws IOException {
    SftpStatus status;
    try {
      if (isDirectory(get(client.stat(path)))) {
        return;
      }
      throw failure(MountTrouble.NOT_A_DIRECTORY, path, null);
    } catch (SftpException e) {
      status = e.status();
      if (status == SftpStatus.PERMISSION_DENIED) {
        throw failure(MountTrouble.MAY_NOT_SEE, path, e);
      }
      if (status != SftpStatus.NO_SUCH_FILE) {
        throw e;
      }
      throw firstMissing(path, e);
    }
  }

  /** Which part of the path is the first that is not there, or is no directory. */
  private MountFailure firstMissing(RemotePath path, IOException cause) throws IOException {
    ByteBuffer bytes = path.bytes();
    for (int end = 1; end <= bytes.limit(); end++) {
      if (end < bytes.limit() && bytes.get(end) != '/') {
        continue;
      }
      byte[] part = new byte[end];
      bytes.get(0, part);
      RemotePath prefix = RemotePath.of(part);
      @Nullable RemoteAttributes there = ifThere(client.stat(prefix));
      if (there == null) {
        boolean link = ifThere(client.lstat(prefix)) != null;
        return failure(link ? MountTrouble.LINK_TO_NOWHERE : MountTrouble.MISSING, prefix, cause);
      }
      if (end < bytes.limit() && !isDirectory(there)) {
        return failure(MountTrouble.NOT_A_DIRECTORY, prefix, cause);
      }
    }
    return failure(MountTrouble.MISSING, path, cause);
  }

  private @Nullable RemoteAttributes ifThere(CompletableFuture<RemoteAttributes> asked)
      throws IOException {
    try {
      return get(asked);
    } catch (SftpException e) {
      return null;
    }
  }

  /**
   * Asks the server for the real path. Where it only tidies the path up and leaves links in, a dot
   * behind it makes the link be followed.
   */
  private RemotePath canonical(RemotePath path) throws IOException {
    RemotePath real = get(client.realpath(path));
    @Nullable RemoteAttributes there = ifThere(client.lstat(real));
    boolean link = there != null && there.mode() != null && !isDirectory(there);
    return link ? real.resolve(ByteBuffer.wrap(".".getBytes(StandardCharsets.US_ASCII))) : real;
  }

  private <T> T get(CompletableFuture<T> future) throws IOException {
    return Waiting.result(future, caller, pace);
  }

  /** A server that does not say what kind a file is gets the benefit of the doubt. */
  private static boolean isDirectory(RemoteAttributes attributes) {
    Integer mode = attributes.mode();
    return mode == null
        || (mode & FORMAT) == 0
        || (mode & FORMAT) == FileType.DIRECTORY.formatBits();
  }

  private MountFailure failure(MountTrouble trouble, RemotePath path, @Nullable Throwable cause) {
    return new MountFailure.Mounting(trouble, target, cause, path);
  }
}
