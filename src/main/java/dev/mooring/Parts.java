package dev.mooring;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.mount.BindingChoice;
import dev.mooring.mount.Doctor;
import dev.mooring.mount.LiveMount;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.Mounter;
import dev.mooring.mount.SftpMounter;
import dev.mooring.mount.SpecSource;
import dev.mooring.ssh.mina.MinaSshConnector;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The parts that all mounts of this process share, put together when the first mount is made: the
 * only place that picks implementations. Thread-safe.
 */
final class Parts implements Mounter, AutoCloseable {
  private final SystemPace pace = new SystemPace();
  private final NativeMemory memory = new NativeMemory(NativeMemory.SHARED_BYTES);

  @GuardedBy("this")
  private @Nullable MinaSshConnector connector;

  @GuardedBy("this")
  private @Nullable Mounter mounter;

  /** Time and threads. */
  SystemPace pace() {
    return pace;
  }

  @Override
  public LiveMount mount(MountSpec spec, SpecSource again, Path mountPoint) throws MountFailure {
    return mounter().mount(spec, again, mountPoint);
  }

  /** Who looks at servers. */
  Doctor doctor() {
    return new Doctor(connector(), pace, new Random(), Path.of("/dev/fuse"));
  }

  private synchronized Mounter mounter() {
    if (mounter == null) {
      mounter = new SftpMounter(connector(), bindings(), pace, new Random(), memory);
    }
    return mounter;
  }

  private synchronized MinaSshConnector connector() {
    if (connector == null) {
      connector = new MinaSshConnector();
    }
    return connector;
  }

  private Map<BindingChoice, FuseBinding> bindings() {
    return Map.of(
        BindingChoice.JNR,
        new JnrFuseBinding(pace),
        BindingChoice.KERNEL,
        new KernelFuseBinding(pace, memory));
  }

  @Override
  public synchronized void close() {
    if (connector != null) {
      connector.close();
    }
    pace.close();
  }
}
