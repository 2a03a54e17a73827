package dev.mooring.contract;

import dev.mooring.testing.SftpServerProcess;
import java.nio.file.Path;

/** The remote file system keeps the contract over OpenSSH's own sftp-server. */
class RemoteContractIT extends RemoteContract {

  @Override
  Posix begin(Path directory) throws Exception {
    return over(SftpServerProcess.start(directory), directory.toString(), () -> {}, () -> {});
  }
}
