package dev.mooring.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A mount that has been made and that nobody serves yet: the kernel's requests are to be read from
 * the descriptor. When the last descriptor is closed, the kernel ends the connection.
 *
 * @param descriptor of {@code /dev/fuse}
 */
public record FuseDevice(int descriptor, Path mountPoint, FuseConnection connection) {
  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final MethodHandle OPEN =
      Libc.withErrno("open", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = Libc.withErrno("close", JAVA_INT, JAVA_INT);
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 02000000;
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int ENODEV = 19;
  private static final int ENXIO = 6;

  /**
   * Checks the mount point, opens {@code /dev/fuse} and mounts. Any thread may call.
   *
   * @param maxRead the most bytes that the kernel is to ask for in one request
   * @throws IOException with a line for a person: what is wrong and what to do
   */
  public static FuseDevice mount(Path mountPoint, FuseOptions options, int maxRead)
      throws IOException {
    Path absolute = mountPoint.toAbsolutePath().normalize();
    return PlatformThread.call("mount", () -> mountHere(absolute, options, maxRead));
  }

  private static FuseDevice mountHere(Path mountPoint, FuseOptions options, int maxRead)
      throws IOException {
    checkMountPoint(mountPoint);
    int descriptor = open();
    try {
      MountSyscalls.mount(
          options.source(),
          mountPoint,
          "fuse." + FuseOptions.SUBTYPE,
          flags(options),
          data(options, descriptor, maxRead));
    } catch (IOException e) {
      close(descriptor);
      if (!isDenied(e) || !Fusermount.isInstalled()) {
        throw explained(e, mountPoint);
      }
      descriptor = Fusermount.mount(mountPoint, userOptions(options, maxRead));
    }
    return new FuseDevice(descriptor, mountPoint, FuseConnection.at(mountPoint));
  }

  /** The same as {@link #flags} and {@link #data}, in the words of fusermount3. */
  static String userOptions(FuseOptions options, int maxRead) {
    return "nosuid,nodev,max_read=%d,subtype=%s%s%s%s%s%s,fsname=%s"
        .formatted(
            maxRead,
            FuseOptions.SUBTYPE,
            options.readOnly() ? ",ro" : "",
            options.noExec() ? ",noexec" : "",
            options.noAccessTime() ? ",noatime" : "",
            options.allowOther() ? ",allow_other" : "",
            options.defaultPermissions() ? ",default_permissions" : "",
            options.source().replace("\\", "\\\\").replace(",", "\\,"));
  }

  private static void checkMountPoint(Path mountPoint) throws IOException {
    try {
      if (!Files.readAttributes(mountPoint, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isDirectory()) {
        throw new IOException("mount point " + mountPoint + " is not a directory");
      }
      try (Stream<Path> entries = Files.list(mountPoint)) {
        if (entries.findAny().isPresent()) {
          throw new IOException(
              "mount point " + mountPoint + " is not empty: mounting would hide what is in it");
        }
      }
    } catch (NoSuchFileException e) {
      throw new IOException("mount point " + mountPoint + " does not exist", e);
    } catch (FileSystemException e) {
      throw unreachable(mountPoint, e);
    }
  }

  private static IOException unreachable(Path mountPoint, FileSystemException cause) {
    boolean dead =
        cause.getReason() != null && cause.getReason().contains("endpoint is not connected");
    return new IOException(
        dead
            ? "mount point %s holds a dead mount: run `umount -l %s` first"
                .formatted(mountPoint, mountPoint)
            : "mount point %s cannot be read: %s".formatted(mountPoint, cause.getReason()),
        cause);
  }

  private static Set<MountFlag> flags(FuseOptions options) {
    Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEVICES);
    if (options.readOnly()) {
      flags.add(MountFlag.READ_ONLY);
    }
    if (options.noExec()) {
      flags.add(MountFlag.NO_EXEC);
    }
    if (options.noAccessTime()) {
      flags.add(MountFlag.NO_ACCESS_TIME);
    }
    return flags;
  }

  private static String data(FuseOptions options, int descriptor, int maxRead) {
    return "fd=%d,rootmode=40000,user_id=0,group_id=0,max_read=%d%s%s"
        .formatted(
            descriptor,
            maxRead,
            options.allowOther() ? ",allow_other" : "",
            options.defaultPermissions() ? ",default_permissions" : "");
  }

  private static int open() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_STATE);
      int descriptor =
          (int)
              OPEN.invokeExact(state, arena.allocateFrom(DEVICE.toString()), O_RDWR | O_CLOEXEC, 0);
      if (descriptor < 0) {
        throw notOpened(new SyscallException("open " + DEVICE, Libc.errno(state)));
      }
      return descriptor;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  private static IOException notOpened(SyscallException cause) {
    String remedy =
        switch (cause.errno()) {
          case SyscallException.ENOENT, ENODEV, ENXIO ->
              "load the kernel module with `modprobe fuse`, and in a container pass the device in"
                  + " (--device /dev/fuse)";
          case EPERM, EACCES -> "run as root, and in a container allow the device";
          default -> "check the device";
        };
    return new IOException("FUSE is not available: " + cause.getMessage() + "; " + remedy, cause);
  }

  private static IOException explained(IOException cause, Path mountPoint) {
    if (isDenied(cause)) {
      return new IOException(
          "mounting on "
              + mountPoint
              + " is not permitted: run as root with CAP_SYS_ADMIN, or install fuse3",
          cause);
    }
    return cause;
  }

  private static boolean isDenied(IOException failure) {
    return failure instanceof SyscallException failed && failed.errno() == EPERM;
  }

  /** Closes a descriptor; an error of close(2) means nothing here. */
  private static void close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(arena.allocate(Libc.ERRNO_STATE), descriptor);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /**
   * Takes the mount out of sight at once; what has it open may go on. Does nothing when somebody
   * has unmounted it already, or mounted something over it.
   */
  public void detach() throws IOException {
    boolean onTop =
        MountTable.read()
            .topAt(mountPoint)
            .filter(mount -> mount.major() == 0 && mount.minor() == connection.minor())
            .isPresent();
    if (!onTop) {
      return;
    }
    try {
      MountSyscalls.detach(mountPoint);
    } catch (SyscallException e) {
      if (!isDenied(e) || !Fusermount.isInstalled()) {
        throw e;
      }
      Fusermount.unmount(mountPoint);
    }
  }

  /** Closes the descriptor, which ends the connection when no other thread is in a call on it. */
  public void close() {
    close(descriptor);
  }
}
