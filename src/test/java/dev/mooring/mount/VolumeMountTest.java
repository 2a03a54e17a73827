package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.mount.VolumeMount.Times;
import dev.mooring.testing.LockStepPace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VolumeMountTest {
  private static final MountFailure REFUSED =
      new MountFailure.Mounting(MountTrouble.ENDED, "h", null);

  private final LockStepPace pace = new LockStepPace();
  private final FakePlace place = new FakePlace(Path.of("/mnt/volumes/v"));
  private final List<FakeLive> made = new ArrayList<>();
  private final VolumeMount mount = new VolumeMount("v", place, this::open, Times.DEFAULT, pace);

  /** How long the server takes; while it is null, at once. */
  private @Nullable Duration delay;

  private @Nullable MountFailure failure;

  private LiveMount open(Path directory) throws MountFailure {
    try {
      if (delay != null) {
        pace.sleep(delay);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw failure;
    }
    FakeLive live = new FakeLive(directory);
    made.add(live);
    return live;
  }

  private FakeLive last() {
    return made.getLast();
  }

  /** Mounts in the background; the future holds the path or the failure. */
  private CompletableFuture<Path> mounting(String id) {
    CompletableFuture<Path> result = new CompletableFuture<>();
    pace.execute(() -> {
      try {
        result.complete(mount.mount(id));
      } catch (MountFailure e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  /** As the kernel does when nothing has the mount open. */
  private void nobodyHoldsIt() {
    last().ended.complete(null);
  }

  private void letTenSecondsPass() throws Exception {
    pace.sleep(Times.DEFAULT.linger().plusMillis(1));
  }

  @Test
  void aPathIsAnsweredWhenTheMountIsShownThere() throws Exception {
    pace.run(() -> {
      assertThat(mount.mount("a")).isEqualTo(place.path());
      assertThat(place.isShowing()).isTrue();
      assertThat(mount.state().word()).isEqualTo("mounted");
      assertThat(mount.callers().counts()).isEqualTo(Map.of("a", 1));
    });
  }

  @Test
  void aHundredAtOnceShareOneMount() throws Exception {
    delay = Duration.ofSeconds(3);
    pace.run(() -> {
      List<CompletableFuture<Path>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(mounting("id" + i));
      }
      for (CompletableFuture<Path> one : all) {
        assertThat(pace.get(one)).isEqualTo(place.path());
      }
      assertThat(made).hasSize(1);
      assertThat(mount.callers().counts()).hasSize(100);
    });
  }

  @Test
  void aMountOutlivesItsLastCallerForAWhile() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      mount.unmount("a");
      pace.sleep(Duration.ofSeconds(9));
      assertThat(place.isShowing()).isTrue();

      pace.sleep(Duration.ofSeconds(2));
      assertThat(place.isBare()).isTrue();
      nobodyHoldsIt();
      pace.sleep(Duration.ofMillis(1));
      assertThat(last().isClosed()).isTrue();
      assertThat(mount.state().word()).isEqualTo("unmounted");
    });
  }

  @Test
  void whoeverComesDuringTheLingerKeepsTheMount() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      mount.unmount("a");
      pace.sleep(Duration.ofSeconds(9));
      mount.mount("b");
      pace.sleep(Duration.ofSeconds(60));

      assertThat(made).hasSize(1);
      assertThat(place.isShowing()).isTrue();
    });
  }

  @Test
  void aShortVisitDuringTheLingerBeginsItAnew() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      mount.unmount("a");
      pace.sleep(Duration.ofSeconds(9));
      mount.mount("b");
      mount.unmount("b");
      pace.sleep(Duration.ofSeconds(9));

      assertThat(place.isShowing()).isTrue();
    });
  }

  @Test
  void dockerCpWithTheContainersIdLeavesTheContainerItsMount() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      mount.mount("a");
      mount.unmount("a");
      pace.sleep(Duration.ofSeconds(60));
      assertThat(place.isShowing()).isTrue();

      mount.unmount("a");
      letTenSecondsPass();
      assertThat(place.isShowing()).isFalse();
      nobodyHoldsIt();
    });
  }

  @Test
  void moreUnmountsThanMountsAreFine() throws Exception {
    pace.run(() -> {
      mount.unmount("nobody");
      mount.mount("a");
      mount.mount("a");
      mount.unmount("a");
      mount.unmount("a");
      mount.unmount("a");
      letTenSecondsPass();
      nobodyHoldsIt();
      mount.end();

      assertThat(place.isBare()).isTrue();
      assertThat(mount.callers().isEmpty()).isTrue();
    });
  }

  @Test
  void aFailureReachesAllWhoWaitAndCountsNobody() throws Exception {
    delay = Duration.ofSeconds(1);
    failure = REFUSED;
    pace.run(() -> {
      CompletableFuture<Path> first = mounting("a");
      CompletableFuture<Path> second = mounting("b");

      assertThatThrownBy(() -> pace.get(first)).isSameAs(REFUSED);
      assertThatThrownBy(() -> pace.get(second)).isSameAs(REFUSED);
      assertThat(mount.callers().isEmpty()).isTrue();
      assertThat(place.isBare()).isTrue();
      assertThat(mount.state()).isInstanceOf(MountState.Failed.class);
    });
  }

  @Test
  void theNextMountAfterAFailureTriesAnew() throws Exception {
    failure = REFUSED;
    pace.run(() -> {
      assertThatThrownBy(() -> mount.mount("a")).isSameAs(REFUSED);
      failure = null;

      assertThat(mount.mount("a")).isEqualTo(place.path());
    });
  }

  @Test
  void aCallerIsAnsweredInTimeWhateverTheServerDoes() throws Exception {
    delay = Duration.ofSeconds(40);
    pace.run(() -> {
      long before = pace.nanoTime();
      assertThatThrownBy(() -> mount.mount("a"))
          .isInstanceOf(MountFailure.class)
          .hasMessageContaining("still mounting after 25 s");

      assertThat(pace.nanoTime() - before).isEqualTo(Duration.ofSeconds(25).toNanos());
      assertThat(mount.callers().isEmpty()).isTrue();
    });
  }

  @Test
  void aMountThatCameTooLateServesTheNextCallerOrGoes() throws Exception {
    delay = Duration.ofSeconds(40);
    pace.run(() -> {
      assertThatThrownBy(() -> mount.mount("a")).isInstanceOf(MountFailure.class);
      assertThat(mount.mount("b")).isEqualTo(place.path());
      assertThat(made).hasSize(1);
      mount.unmount("b");
      letTenSecondsPass();

      assertThat(place.isBare()).isTrue();
      nobodyHoldsIt();
    });
  }

  @Test
  void aMountThatNobodyWaitsForAnyMoreGoesByItself() throws Exception {
    delay = Duration.ofSeconds(40);
    pace.run(() -> {
      assertThatThrownBy(() -> mount.mount("a")).isInstanceOf(MountFailure.class);
      pace.sleep(Duration.ofSeconds(60));

      assertThat(made).hasSize(1);
      assertThat(place.isBare()).isTrue();
      nobodyHoldsIt();
    });
  }

  @Test
  void aMountThatCannotBeShownIsClosedAgain() throws Exception {
    pace.run(() -> {
      delay = Duration.ofSeconds(1);
      CompletableFuture<Path> attempt = mounting("a");
      pace.sleep(Duration.ofMillis(500));
      place.failNext(new IOException("it does not appear"));

      assertThatThrownBy(() -> pace.get(attempt))
          .isInstanceOf(MountFailure.class)
          .hasMessageContaining("it does not appear");
      assertThat(last().isClosed()).isTrue();
      assertThat(place.isBare()).isTrue();
    });
  }

  @Test
  void aPathThatDoesNotShowTheMountIsNeverAnswered() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      place.loseSight();

      assertThat(mount.mount("b")).isEqualTo(place.path());
      assertThat(made).hasSize(2);
      assertThat(made.getFirst().isClosed()).isTrue();
      assertThat(place.isShowing()).isTrue();
    });
  }

  @Test
  void aMountThatEndsByItselfIsAFailureAndIsMadeAnew() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      last().ended.complete(null);
      pace.sleep(Duration.ofMillis(1));

      assertThat(mount.state()).isInstanceOf(MountState.Failed.class);
      assertThat(place.isBare()).isTrue();
      assertThat(mount.mount("b")).isEqualTo(place.path());
    });
  }

  @Test
  void whatStillHasItOpenGoesOnUntilItLetsGo() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      FakeLive held = last();
      mount.end();

      assertThat(place.isBare()).isTrue();
      assertThat(held.isClosed()).isFalse();
      mount.mount("b");
      assertThat(made).hasSize(2);

      held.ended.complete(null);
      pace.sleep(Duration.ofMillis(1));
      assertThat(held.isClosed()).isTrue();
      assertThat(place.isShowing()).isTrue();
    });
  }

  @Test
  void endingWaitsForTheMountThatIsBeingMade() throws Exception {
    delay = Duration.ofSeconds(3);
    pace.run(() -> {
      CompletableFuture<Path> attempt = mounting("a");
      pace.sleep(Duration.ofSeconds(1));
      mount.end();

      assertThat(attempt).isDone();
      assertThat(place.isBare()).isTrue();
      nobodyHoldsIt();
    });
  }

  @Test
  void stoppingClosesWhatIsStillUsedAfterItWasTakenDown() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      FakeLive held = last();
      mount.end();
      assertThat(mount.isAtRest()).isFalse();

      pace.get(mount.stop());
      assertThat(held.isClosed()).isTrue();
      assertThat(mount.isAtRest()).isTrue();
    });
  }

  @Test
  void stoppingClosesAtOnceWhoeverUsesIt() throws Exception {
    pace.run(() -> {
      mount.mount("a");
      pace.get(mount.stop());
      pace.get(mount.stop());

      assertThat(last().isClosed()).isTrue();
      assertThat(place.isBare()).isTrue();
    });
  }
}
