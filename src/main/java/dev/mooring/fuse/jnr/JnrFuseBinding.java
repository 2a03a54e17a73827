package dev.mooring.fuse.jnr;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.PlatformThread;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** FUSE through libfuse 2. */
public final class JnrFuseBinding implements FuseBinding {
  /** The most that protocol 7.19 carries in one request. */
  private static final int MAX_READ = 131072;

  private final Pace pace;
  private @Nullable LibFuse libFuse;

  /** Loads nothing yet: libfuse is looked for at the first mount. */
  public JnrFuseBinding(Pace pace) {
    this.pace = pace;
  }

  @Override
  public FuseSession mount(FileSystem fileSystem, Path mountPoint, FuseOptions options)
      throws IOException {
    return PlatformThread.call("jnr", () -> mountHere(fileSystem, mountPoint, options));
  }

  private FuseSession mountHere(FileSystem fileSystem, Path mountPoint, FuseOptions options)
      throws IOException {
    LibFuse library = library();
    FuseDevice device = FuseDevice.mount(mountPoint, options, MAX_READ);
    JnrFuseSession session;
    try {
      session = new JnrFuseSession(library, device, fileSystem, options, pace);
    } catch (IOException | RuntimeException e) {
      MountSyscalls.detach(device.mountPoint());
      device.close();
      throw e;
    }
    session.start();
    return session;
  }

  private synchronized LibFuse library() throws IOException {
    LibFuse loaded = libFuse;
    if (loaded == null) {
      loaded = LibFuse.load();
      libFuse = loaded;
    }
    return loaded;
  }
}
