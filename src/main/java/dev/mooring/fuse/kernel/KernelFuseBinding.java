package dev.mooring.fuse.kernel;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseConnection;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mounts with mount(2) and speaks to {@code /dev/fuse}; needs CAP_SYS_ADMIN. Thread-safe. */
public final class KernelFuseBinding implements FuseBinding {
  private static final Logger log = LoggerFactory.getLogger(KernelFuseBinding.class);

  /** In KiB: two of the largest reads under way while the process works on what it has. */
  private static final int READ_AHEAD = 2048;

  private static final int KIBIBYTE = 1024;

  private final Pace pace;
  private final NativeMemory share;

  /** Serves with this clock and these threads, alone in its process. */
  public KernelFuseBinding(Pace pace) {
    this(pace, new NativeMemory(NativeMemory.SHARED_BYTES));
  }

  /** The same, beside others that have a share in the same memory. */
  public KernelFuseBinding(Pace pace, NativeMemory share) {
    this.pace = pace;
    this.share = share;
  }

  @Override
  public FuseSession mount(FileSystem fileSystem, Path mountPoint, FuseOptions options)
      throws IOException {
    FuseDevice device = FuseDevice.mount(mountPoint, options, Negotiation.MAX_TRANSFER);
    KernelFuseSession session = new KernelFuseSession(fileSystem, device, options, pace, share);
    try {
      session.start();
    } catch (IOException e) {
      session.close();
      throw e;
    }
    Integer chosen = options.tuning().readAheadBytes();
    setReadAhead(device.connection(), chosen == null ? READ_AHEAD : chosen / KIBIBYTE);
    return session;
  }

  private static void setReadAhead(FuseConnection connection, int kibibytes) {
    try {
      connection.setReadAhead(kibibytes);
    } catch (IOException e) {
      log.debug("the kernel's read-ahead stays as it is: {}", e.toString());
    }
  }
}
