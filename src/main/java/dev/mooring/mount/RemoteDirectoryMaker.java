package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Pace;
import dev.mooring.mount.Start.NewDirectory;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteAttributes.Owner;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the directory that is to be mounted, and those on the way to it, as mkdir -p does. */
record RemoteDirectoryMaker(SftpClient client, String target, Caller caller, Pace pace) {
  private static final Logger log = LoggerFactory.getLogger(RemoteDirectoryMaker.class);
  private static final int ON_THE_WAY = 0755;

  /** Makes what is missing; mode and owner are for the last part only, and only if it is new. */
  void make(RemotePath path, NewDirectory wanted) throws IOException {
    Deque<RemotePath> missing = new ArrayDeque<>();
    for (@Nullable RemotePath part = path; part != null && !exists(part); part = parent(part)) {
      missing.push(part);
    }
    while (!missing.isEmpty()) {
      RemotePath part = missing.pop();
      mkdir(part, missing.isEmpty() ? wanted.mode() : ON_THE_WAY);
      if (missing.isEmpty()) {
        log.info("made {} for {}", part, target);
        finish(part, wanted);
      }
    }
  }

  private boolean exists(RemotePath path) throws IOException {
    try {
      get(client.stat(path));
      return true;
    } catch (SftpException e) {
      if (e.status() == SftpStatus.NO_SUCH_FILE) {
        return false;
      }
      if (e.status() == SftpStatus.PERMISSION_DENIED) {
        throw failure(MountTrouble.MAY_NOT_SEE, e, path);
      }
      throw e;
    }
  }

  private void mkdir(RemotePath path, int mode) throws IOException {
    try {
      get(client.mkdir(path, RemoteAttributes.ofMode(mode)));
    } catch (SftpException e) {
      // Another mount may have made it since.
      if (!exists(path)) {
        boolean forbidden = e.status() == SftpStatus.PERMISSION_DENIED;
        throw failure(
            forbidden ? MountTrouble.MAY_NOT_MAKE : MountTrouble.NOT_MADE,
            e,
            path,
            String.valueOf(e.getMessage()));
      }
    }
  }

  /** The server's umask has taken bits away, and the owner is the user who logs in. */
  private void finish(RemotePath path, NewDirectory wanted) throws IOException {
    Integer uid = wanted.uid();
    Integer gid = wanted.gid();
    RemoteAttributes now = get(client.stat(path));
    @Nullable Owner owner = null;
    if (uid != null && now.owner() != null) {
      owner = new Owner(uid, gid == null ? now.owner().gid() : gid);
    }
    try {
      get(client.setstat(path, new RemoteAttributes(null, owner, wanted.mode(), null)));
    } catch (SftpException e) {
      throw failure(MountTrouble.MAY_NOT_GIVE, e, path, String.valueOf(e.getMessage()));
    }
  }

  private MountFailure failure(MountTrouble trouble, IOException cause, Object... details) {
    return new MountFailure.Mounting(trouble, target, cause, details);
  }

  private static @Nullable RemotePath parent(RemotePath path) {
    ByteBuffer bytes = path.bytes();
    int end = bytes.limit();
    while (end > 1 && bytes.get(end - 1) == '/') {
      end--;
    }
    while (end > 0 && bytes.get(end - 1) != '/') {
      end--;
    }
    while (end > 1 && bytes.get(end - 1) == '/') {
      end--;
    }
    if (end == 0) {
      return null;
    }
    byte[] part = new byte[end];
    bytes.get(0, part);
    return RemotePath.of(part);
  }

  private <T> T get(CompletableFuture<T> future) throws IOException {
    return Waiting.result(future, caller, pace);
  }
}
