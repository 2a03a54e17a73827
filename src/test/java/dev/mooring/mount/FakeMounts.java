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

  @Override
  public VolumeMount of(String name, String directory, MountSpec spec) {
    return with(name, directory, FakeLive::new);
  }

  @Override
  public VolumeMount broken(String name, String directory, String reason) {
    return with(
        name,
        directory,
        _ -> {
          throw new MountFailure(MountFailure.Phase.OPTIONS, name, reason, "mend it", null);
        });
  }

  private VolumeMount with(String name, String directory, VolumeMount.Opening opening) {
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
