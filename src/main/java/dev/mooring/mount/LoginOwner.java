package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Pace;
import dev.mooring.fs.remote.IdMapping;
import dev.mooring.fs.remote.RemoteSettings.Owners;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who a login is on the server: the owner of its directory, as sshfs does it. */
final class LoginOwner {
  private static final Logger log = LoggerFactory.getLogger(LoginOwner.class);
  private static final RemotePath LOGIN_DIRECTORY = RemotePath.of(".");

  private LoginOwner() {}

  /** Who this process is. */
  static RemoteAttributes.Owner ofThisProcess() {
    try {
      Path self = Path.of("/proc/self");
      return new RemoteAttributes.Owner(
          (int) Files.getAttribute(self, "unix:uid"), (int) Files.getAttribute(self, "unix:gid"));
    } catch (IOException e) {
      log.warn("cannot tell whose this process is, root's is assumed: {}", e.toString());
      return new RemoteAttributes.Owner(0, 0);
    }
  }

  /** The owners with the login translated, if that is wanted. */
  static Owners translated(
      Owners owners, SftpClient client, String target, Caller caller, Pace pace)
      throws MountFailure {
    RemoteAttributes.Owner here = owners.login();
    if (here == null) {
      return owners;
    }
    try {
      RemoteAttributes.Owner there =
          Waiting.result(client.stat(LOGIN_DIRECTORY), caller, pace).owner();
      if (there == null) {
        throw new IOException("the server does not say whose its files are");
      }
      return owners.with(
          new IdMapping(Map.of(there.uid(), here.uid()), Map.of(there.gid(), here.gid()), false));
    } catch (IOException e) {
      throw new MountFailure.Mounting(
          MountTrouble.LOGIN_UNKNOWN, target, e, String.valueOf(e.getMessage()));
    }
  }
}
