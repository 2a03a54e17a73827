package dev.mooring.mount;

import dev.mooring.fs.Pace;
import dev.mooring.volume.VolumeRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Mounts in memory, of which the kernel lets go as soon as nobody sees them. */
public final class FakeMounts implements VolumeRegistry.Mounts {
  private final Pace pace;
  private final List<FakePlace> places = new CopyOnWriteArrayList<>();
  private final List<FakeLive> made = new CopyOnWriteArrayList<>();
  private volatile boolean held;

  /** In this time. */
  public FakeMounts(Pace pace) {
    this.pace = pace;
  }

  /** Whether nothing is left anywhere. */
  public boolean isBare() {
    return places.stream().allMatch(FakePlace::isBare);
  }

  /** From now on somebody goes on using what is taken away, and is not waited for. */
  public void hold() {
    held = true;
  }

  /** How many mounts are not closed. */
  public long open() {
    return made.stream().filter(live -> !live.isClosed()).count();
  }

  /** Mounts anything. */
  public LiveMount mount(MountSpec spec, SpecSource again, Path directory) {
    FakeLive live = new FakeLive(directory);
    made.add(live);
    return live;
  }

  @Override
  public VolumeMount of(String name, String directory, VolumeMount.Opening opening) {
    FakePlace place = new FakePlace(Path.of("/mnt/volumes", directory));
    places.add(place);
    VolumeMount.Opening letGo =
        staged -> {
          LiveMount live = opening.open(staged);
          place.onUnstage(() -> letGo((FakeLive) live));
          return live;
        };
    VolumeMount.Times usual = VolumeMount.Times.DEFAULT;
    VolumeMount.Times times =
        new VolumeMount.Times(
            usual.mount(), usual.linger(), held ? Duration.ZERO : usual.unmount());
    return new VolumeMount(name, place, letGo, times, pace);
  }

  private void letGo(FakeLive live) {
    if (!held) {
      live.ended.complete(null);
    }
  }
}
