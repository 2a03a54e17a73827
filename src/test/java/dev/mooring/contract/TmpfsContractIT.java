package dev.mooring.contract;

import dev.mooring.fuse.MountFlag;
import dev.mooring.fuse.MountSyscalls;
import java.nio.file.Path;
import java.util.EnumSet;

/** Linux's tmpfs keeps the contract: it is the judge of what the model answers. */
class TmpfsContractIT extends FileSystemContract {

  @Override
  Posix begin(Path directory) throws Exception {
    MountSyscalls.mount("none", directory, "tmpfs", EnumSet.noneOf(MountFlag.class), "size=64m");
    return new SyscallPosix(directory, () -> MountSyscalls.detach(directory));
  }
}
