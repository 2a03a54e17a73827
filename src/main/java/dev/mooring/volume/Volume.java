package dev.mooring.volume;

import dev.mooring.mount.MountSpec;
import dev.mooring.mount.MountState;
import dev.mooring.mount.MountStatus;
import dev.mooring.mount.VolumeMount;
import dev.mooring.volume.StoredState.StoredVolume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One volume.
 *
 * @param options as they were given to Docker; may hold secrets
 * @param notes about the options, for people
 */
record Volume(
    VolumeName name,
    Map<String, String> options,
    Instant createdAt,
    Notes notes,
    VolumeMount mount) {

  /**
   * What a reader said about options.
   *
   * @param effective those that count, without secrets
   */
  record Notes(Map<String, String> effective, List<String> warnings) {
    static Notes of(MountSpec spec) {
      return new Notes(spec.said(), spec.warnings());
    }
  }

  Volume {
    options = Map.copyOf(options);
  }

  StoredVolume stored() {
    return new StoredVolume(name.value(), options, createdAt.toString(), mount.callers().counts());
  }

  /** The options, by name, in which another set differs. */
  TreeSet<String> differences(Map<String, String> others) {
    TreeSet<String> names = new TreeSet<>(options.keySet());
    names.addAll(others.keySet());
    names.removeIf(
        option -> options.containsKey(option) && options.get(option).equals(others.get(option)));
    return names;
  }

  /** How it is now; answers from memory. */
  VolumeDescription describe(List<String> moreWarnings, String version) {
    MountState state = mount.state();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("state", state.word());
    switch (state) {
      case MountState.Mounted(var live, var _) -> describe(live.status(), status);
      case MountState.Failed(var failure, var at) -> {
        status.put("lastError", String.valueOf(failure.getMessage()));
        status.put("since", at.toString());
      }
      case MountState.Unmounted _, MountState.Mounting _, MountState.Unmounting _ -> {}
    }
    status.put("callers", mount.callers().counts().size());
    status.put("options", notes.effective());
    List<String> all = new ArrayList<>(moreWarnings);
    all.addAll(notes.warnings());
    if (!all.isEmpty()) {
      status.put("warnings", all);
    }
    status.put("version", version);
    boolean shown = state instanceof MountState.Mounted;
    return new VolumeDescription(name.value(), shown ? mount.path() : null, createdAt, status);
  }

  private static void describe(MountStatus live, Map<String, Object> status) {
    if (!live.connected()) {
      status.put("state", "reconnecting");
    }
    status.put("server", live.server());
    status.put("serverVersion", live.serverVersion());
    status.put("fingerprint", live.hostKeyFingerprint());
    status.put("since", live.since().toString());
    if (live.roundTrip() != null) {
      status.put("roundTripMillis", Math.round(live.roundTrip().toNanos() / 10_000.0) / 100.0);
    }
    status.put("reconnects", live.reconnects());
    if (live.lastError() != null) {
      status.put("lastError", live.lastError());
    }
    MountStatus.Usage usage = live.usage();
    status.put("openFiles", usage.openFiles());
    status.put("bytesRead", usage.bytesRead());
    status.put("bytesWritten", usage.bytesWritten());
    long answered = usage.remembered() + usage.asked();
    if (answered > 0) {
      status.put("answeredFromMemory", 100 * usage.remembered() / answered + " %");
    }
  }
}
