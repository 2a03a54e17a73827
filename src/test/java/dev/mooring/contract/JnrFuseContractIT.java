package dev.mooring.contract;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.file.Path;

/** A mount through libfuse 2 keeps the contract as the model below it does. */
class JnrFuseContractIT extends FileSystemContract {
  JnrFuseContractIT() {
    super(
        Capability.EXCHANGE,
        Capability.NO_REPLACE,
        Capability.BYTE_NAMES,
        // libfuse 2 answers ENOENT without asking us when a file is replaced between the kernel's
        // lookup of it and the open: the node has no path any more.
        Capability.OPEN_DURING_REPLACE);
  }

  @Override
  Posix begin(Path directory) throws Exception {
    SystemPace pace = new SystemPace();
    ReferenceFileSystem model = new ReferenceFileSystem(pace);
    FuseSession session = new JnrFuseBinding(pace).mount(model, directory, FuseOptions.of("model"));
    return new SyscallPosix(
        directory,
        () -> {
          session.close();
          pace.close();
          model.assertNothingLeft();
        });
  }
}
