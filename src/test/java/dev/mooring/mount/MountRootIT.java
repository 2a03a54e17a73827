package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseConnection;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.MountFlag;
import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.MountTable;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.testing.ReferenceFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MountRootIT {
  @TempDir private Path directory;
  private final SystemPace pace = new SystemPace();
  private Path visible;
  private MountRoot root;
  private MountPlace place;

  @BeforeEach
  void makeRoot() throws IOException {
    visible = directory.resolve("volumes");
    root = new MountRoot(visible, directory.resolve("staging"), true);
    place = root.place("0123");
  }

  @AfterEach
  void leaveNothing() throws IOException {
    root.detachLeftovers(Set.of());
    place.hide();
    pace.close();
    assertThat(MountTable.read().mounts())
        .noneMatch(mount -> mount.mountPoint().startsWith(directory));
  }

  private FuseSession serve(Path staged) throws IOException {
    return new JnrFuseBinding(pace)
        .mount(new ReferenceFileSystem(pace), staged, FuseOptions.of("model"));
  }

  private static void assertEnds(FuseSession session) throws Exception {
    session.ended().get(20, TimeUnit.SECONDS);
    session.close();
  }

  @Test
  void whatIsStagedIsShownAndHiddenAgain() throws Exception {
    Path staged = place.stage();
    FuseSession session = serve(staged);
    assertThat(place.shows(staged)).isFalse();

    place.show(staged);

    assertThat(place.shows(staged)).isTrue();
    Files.writeString(place.path().resolve("file"), "x");
    assertThat(staged.resolve("file")).hasContent("x");
    place.hide();
    assertThat(visible).isEmptyDirectory();
    place.unstage(staged);
    assertEnds(session);
    assertThat(directory.resolve("staging")).isEmptyDirectory();
  }

  @Test
  void aFileThatIsOpenOutlivesTheUnmount() throws Exception {
    Path staged = place.stage();
    FuseSession session = serve(staged);
    place.show(staged);
    try (var writer = Files.newBufferedWriter(place.path().resolve("file"))) {
      place.hide();
      place.unstage(staged);
      writer.write("still going");
      writer.flush();
      assertThat(session.ended()).isNotDone();
    }
    assertEnds(session);
  }

  @Test
  void aDeadMountThatWasLeftIsDetachedBeforeTheNext() throws Exception {
    Path staged = place.stage();
    FuseSession dead = serve(staged);
    place.show(staged);
    FuseConnection.at(staged).abort();
    assertThatThrownBy(() -> Files.list(place.path())).isInstanceOf(IOException.class);

    root.detachLeftovers(Set.of());

    assertThat(visible).isEmptyDirectory();
    assertEnds(dead);
    Path again = place.stage();
    FuseSession session = serve(again);
    place.show(again);
    assertThat(place.shows(again)).isTrue();
    place.hide();
    place.unstage(again);
    assertEnds(session);
  }

  @Test
  void aDeadMountThatIsWantedIsCoveredByTheNextAndBothGoTogether() throws Exception {
    Path staged = place.stage();
    FuseSession dead = serve(staged);
    place.show(staged);
    FuseConnection.at(staged).abort();

    MountRoot next = new MountRoot(visible, directory.resolve("staging"), true);
    next.detachLeftovers(Set.of(place.path()));
    assertThat(place.isCovered()).isTrue();
    Path again = next.place("0123").stage();
    FuseSession session = serve(again);
    place.show(again);

    assertThat(place.shows(again)).isTrue();
    Files.writeString(place.path().resolve("file"), "x");
    place.hide();
    assertThat(visible).isEmptyDirectory();
    place.unstage(again);
    assertEnds(session);
    assertEnds(dead);
  }

  @Test
  void allLayersGoAtOnce() throws Exception {
    Path staged = place.stage();
    FuseSession session = serve(staged);
    place.show(staged);
    place.show(staged);
    MountSyscalls.mount("tmpfs", place.path(), "tmpfs", EnumSet.noneOf(MountFlag.class), "");
    assertThat(place.shows(staged)).isFalse();

    place.hide();

    assertThat(visible).isEmptyDirectory();
    place.unstage(staged);
    assertEnds(session);
  }

  @Test
  void aPlainDirectoryIsNeverTakenForAMount() throws IOException {
    Path staged = place.stage();

    assertThatThrownBy(() -> place.show(staged)).hasMessageContaining("does not appear");

    place.hide();
    place.unstage(staged);
  }

  @Test
  void filesThatSomebodyPutAtTheMountPointAreLeftThere() throws IOException {
    Path staged = place.stage();
    Files.writeString(place.path().resolve("precious"), "x");

    place.hide();

    assertThat(place.path().resolve("precious")).hasContent("x");
    place.unstage(staged);
  }

  @Test
  void aRootThatContainersDoNotSeeRefusesToMount() throws IOException {
    MountSyscalls.bind(visible, visible);
    try {
      MountSyscalls.change(visible, EnumSet.of(MountFlag.PRIVATE));
      MountRoot hidden = new MountRoot(visible, directory.resolve("staging"), false);

      assertThat(hidden.obstacles())
          .extracting(Throwable::getMessage)
          .anyMatch(text -> text.contains("does not propagate mounts"));
      assertThatThrownBy(() -> hidden.place("x").stage())
          .isInstanceOf(MountFailure.class)
          .hasMessageStartingWith(
              "FUSE failed for this plugin: " + visible + " does not propagate");
      MountSyscalls.change(visible, EnumSet.of(MountFlag.SHARED));
      assertThat(hidden.obstacles())
          .extracting(Throwable::getMessage)
          .noneMatch(text -> text.contains("does not propagate"));
    } finally {
      MountSyscalls.detach(visible);
    }
  }
}
