package dev.mooring.contract;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The model keeps the contract when the kernel binding serves it, with nothing left behind. */
class KernelContractIT {

  abstract static class Mounted extends FileSystemContract {
    private final Duration lifetime;

    Mounted(Duration lifetime) {
      this.lifetime = lifetime;
    }

    FileSystem served(FileSystem model) {
      return model;
    }

    @Override
    final Posix begin(Path directory) throws Exception {
      SystemPace pace = new SystemPace();
      ReferenceFileSystem model = new ReferenceFileSystem(pace, lifetime);
      FuseSession session =
          new KernelFuseBinding(pace).mount(served(model), directory, FuseOptions.of("model"));
      return new SyscallPosix(
          directory,
          () -> {
            session.close();
            pace.close();
            model.assertNothingLeft();
          });
    }
  }

  /** What the kernel asks is answered on its reading threads, and it remembers nothing. */
  @Nested
  class AnsweredAtOnce extends Mounted {
    AnsweredAtOnce() {
      super(Duration.ZERO);
    }
  }

  /** The kernel believes what it was told. */
  @Nested
  class Remembered extends Mounted {
    Remembered() {
      super(Duration.ofMinutes(1));
    }
  }

  /** Every answer comes from a virtual thread. */
  @Nested
  class AnsweredLater extends Mounted {
    AnsweredLater() {
      super(Duration.ZERO);
    }

    @Override
    FileSystem served(FileSystem model) {
      return Interposed.insistOnWaiting(model);
    }
  }
}
