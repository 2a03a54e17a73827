package dev.mooring.mount;

import dev.mooring.fs.Pace;
import dev.mooring.volume.VolumeRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Mounts in memory, of which the kernel lets go as soon as nobody sees them. */
public final class FakeMounts implements VolumeRegistry.Mounts {
  private final Pace pace;
  private final List<FakePlace> places = new CopyOnWriteArrayList<>();

  /** In this time. */
  public FakeMounts(Pace pace) {
    this.pace = pace;
  }

  /** Whether nothing is left anywhere. */
  public boolean isBare() {
    return places.stream().allMatch(FakePlace::isBare);
  }

  /** Mounts anything. */
  public LiveMount mount(MountSpec spec, Path directory) {
    return new FakeLive(directory);
  }

  @Override
  public VolumeMount of(String name, String directory, VolumeMount.Opening opening) {
    FakePlace place = new FakePlace(Path.of("/mnt/volumes", directory));
    places.add(place);
    VolumeMount.Opening letGo =
        staged -> {
          LiveMount live = opening.open(staged);
          place.onUnstage(() -> ((FakeLive) live).ended.complete(null));
          return live;
        };
    return new VolumeMount(name, place, letGo, VolumeMount.Times.DEFAULT, pace);
  }
}
