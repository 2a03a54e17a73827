package dev.mooring.mount;

import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.MountTable;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory below which Docker sees the volumes' mounts, and the private one where they are
 * made.
 *
 * <p>Mount points are looked at in the kernel's table only and never touched: a stat of a dead
 * mount fails, and one of a hanging mount hangs.
 */
public final class MountRoot {
  private static final Logger log = LoggerFactory.getLogger(MountRoot.class);
  private static final Path FUSE_DEVICE = Path.of("/dev/fuse");

  private final Path visible;
  private final Path staging;
  private final boolean standalone;

  /**
   * Of two directories, which are made if need be. What an earlier process left in the private one
   * goes.
   *
   * @param visible where containers must be able to see mounts appear
   * @param staging private to this process
   * @param standalone not as Docker's managed plugin: containers are not asked for, and loopback
   *     may be the only network
   */
  public MountRoot(Path visible, Path staging, boolean standalone) throws IOException {
    this.visible = Files.createDirectories(visible).toRealPath();
    this.staging = Files.createDirectories(staging).toRealPath();
    this.standalone = standalone;
    clearStaging();
  }

  /**
   * The place of one volume.
   *
   * @param directory a name that is safe in a path
   */
  public MountPlace place(String directory) {
    return new Place(visible.resolve(directory));
  }

  /**
   * Takes away what an earlier process left mounted: nobody serves it any more, and whatever
   * touches it fails.
   *
   * @param wanted where mounts stay, because running containers have them
   */
  public void detachLeftovers(Set<Path> wanted) throws IOException {
    for (MountTable.Mount mount : MountTable.read().mounts()) {
      Path point = mount.mountPoint();
      if (visible.equals(point.getParent())
          && mount.type().startsWith("fuse")
          && !wanted.contains(point)) {
        log.info("detaching {}, which nobody serves any more", point);
        detachAll(point);
        removeEmpty(point);
      }
    }
  }

  /** Nothing is mounted by this process yet. */
  private void clearStaging() throws IOException {
    try (DirectoryStream<Path> staged = Files.newDirectoryStream(staging)) {
      for (Path leftover : staged) {
        detachAll(leftover);
        removeEmpty(leftover);
      }
    }
  }

  /** What keeps containers from ever seeing a mount made here; may be none. */
  public List<MountFailure> obstacles() throws IOException {
    List<MountFailure> obstacles = new ArrayList<>();
    try (var _ = Files.newByteChannel(FUSE_DEVICE, StandardOpenOption.READ)) {
      log.debug("{} opens", FUSE_DEVICE);
    } catch (IOException e) {
      obstacles.add(obstacle(MountTrouble.NO_DEVICE, e));
    }
    if (!standalone && !isShared(MountTable.read())) {
      obstacles.add(obstacle(MountTrouble.NOT_SHARED, visible));
    }
    if (!standalone && NetworkInterface.networkInterfaces().allMatch(MountRoot::isLoopback)) {
      obstacles.add(obstacle(MountTrouble.NO_NETWORK));
    }
    return obstacles;
  }

  private static MountFailure obstacle(MountTrouble trouble, Object... details) {
    return new MountFailure.Mounting(trouble, "this plugin", null, details);
  }

  private boolean isShared(MountTable table) {
    Path at = visible;
    while (at != null && table.topAt(at).isEmpty()) {
      at = at.getParent();
    }
    return at != null && table.topAt(at).orElseThrow().shared();
  }

  private static boolean isLoopback(NetworkInterface network) {
    try {
      return network.isLoopback();
    } catch (IOException e) {
      return false;
    }
  }

  /** A directory into which nobody writes by mistake when nothing is mounted there. */
  private static void makeBare(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      log.debug("{} is there already", directory);
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
  }

  private static void detachAll(Path point) throws IOException {
    while (MountTable.read().topAt(point).isPresent()) {
      MountSyscalls.detach(point);
    }
  }

  /** Removes a directory that is empty and at which nothing is mounted; otherwise leaves it. */
  private static void removeEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      log.warn("{} is left there: it holds files that somebody put there", directory);
    }
  }

  private final class Place implements MountPlace {
    private final Path path;

    Place(Path path) {
      this.path = path;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public Path stage() throws IOException {
      List<MountFailure> obstacles = obstacles();
      if (!obstacles.isEmpty()) {
        throw obstacles.getFirst();
      }
      if (!isCovered()) {
        makeBare(path);
      }
      return Files.createTempDirectory(staging, path.getFileName() + ".");
    }

    @Override
    public boolean isCovered() throws IOException {
      return MountTable.read().topAt(path).isPresent();
    }

    @Override
    public void show(Path staged) throws IOException {
      MountSyscalls.bind(staged, path);
      if (!shows(staged)) {
        throw new IOException("the mount does not appear at " + path);
      }
    }

    @Override
    public boolean shows(Path staged) throws IOException {
      MountTable table = MountTable.read();
      var shown = table.topAt(path);
      return shown.isPresent()
          && table
              .topAt(staged)
              .filter(made ->
                  made.type().startsWith("fuse")
                      && made.major() == shown.get().major()
                      && made.minor() == shown.get().minor())
              .isPresent();
    }

    @Override
    public void hide() throws IOException {
      detachAll(path);
      removeEmpty(path);
    }

    @Override
    public void unstage(Path staged) throws IOException {
      detachAll(staged);
      removeEmpty(staged);
    }
  }
}
