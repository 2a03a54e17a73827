package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.mount.VolumeMount.Times;
import dev.mooring.testing.LockStepPace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the next process does with the mounts of one that died. */
class TakeOverTest {
  private static final MountFailure REFUSED =
      new MountFailure.Mounting(MountTrouble.ENDED, "h", null);

  private final LockStepPace pace = new LockStepPace();
  private final FakePlace place = new FakePlace(Path.of("/mnt/volumes/v"));
  private final List<FakeLive> made = new ArrayList<>();
  private final VolumeMount mount = new VolumeMount("v", place, this::open, Times.DEFAULT, pace);

  private @Nullable MountFailure failure;

  private LiveMount open(Path directory) throws MountFailure {
    if (failure != null) {
      throw failure;
    }
    FakeLive live = new FakeLive(directory);
    made.add(live);
    return live;
  }

  @Test
  void aDeadMountThatContainersHaveIsCoveredForThem() throws Exception {
    place.leaveDead();
    pace.run(() -> {
      assertThat(mount.takeOver(new CallerIds(Map.of("a", 2)))).isTrue();
      pace.sleep(Duration.ofMillis(1));

      assertThat(place.shows(made.getLast().mountPoint())).isTrue();
      mount.unmount("a");
      pace.sleep(Duration.ofSeconds(60));
      assertThat(place.isShowing()).isTrue();
      mount.unmount("a");
      pace.sleep(Times.DEFAULT.linger().plusMillis(1));
      assertThat(place.isBare()).isTrue();
      made.getLast().ended.complete(null);
    });
  }

  @Test
  void aDeadMountIsCoveredAsSoonAsTheServerAnswersAgain() throws Exception {
    place.leaveDead();
    failure = REFUSED;
    pace.run(() -> {
      mount.takeOver(new CallerIds(Map.of("a", 1)));
      pace.sleep(Duration.ofSeconds(100));
      assertThat(mount.state()).isInstanceOf(MountState.Failed.class);
      assertThat(mount.callers().counts()).isEqualTo(Map.of("a", 1));
      failure = null;
      pace.sleep(Duration.ofSeconds(30));

      assertThat(mount.state().word()).isEqualTo("mounted");
      assertThat(made).hasSize(1);
    });
  }

  @Test
  void aDeadMountThatNobodyHasAnyMoreGoes() throws Exception {
    place.leaveDead();
    failure = REFUSED;
    pace.run(() -> {
      mount.takeOver(new CallerIds(Map.of("a", 1)));
      pace.sleep(Duration.ofSeconds(5));
      mount.unmount("a");
      pace.sleep(Duration.ofSeconds(30));

      assertThat(place.isBare()).isTrue();
      assertThat(mount.state().word()).isEqualTo("unmounted");
    });
  }

  @Test
  void callersWhoseMountIsGoneAreForgottenAndToldOf() throws Exception {
    pace.run(() -> {
      assertThat(mount.takeOver(new CallerIds(Map.of("a", 1)))).isFalse();

      assertThat(mount.callers().isEmpty()).isTrue();
      assertThat(mount.state())
          .isInstanceOfSatisfying(
              MountState.Failed.class,
              failed -> assertThat(failed.failure()).hasMessageContaining("restart those"));
      assertThat(mount.mount("b")).isEqualTo(place.path());
    });
  }
}
