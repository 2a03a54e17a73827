package dev.mooring.volume;

import java.util.List;
import java.util.Map;

/**
 * All that survives a restart, as it stands in the state file.
 *
 * @param version of the form; a file of a later one is not read
 * @param bootId of the kernel that ran when it was written, from {@code
 *     /proc/sys/kernel/random/boot_id}: after a reboot none of the callers is there any more
 * @param incarnation of the process that wrote it, a new one at each start
 */
public record StoredState(
    int version, String bootId, String incarnation, List<StoredVolume> volumes) {
  /** The form that this program writes. */
  public static final int VERSION = 1;

  public StoredState {
    volumes = List.copyOf(volumes);
  }

  /**
   * A volume.
   *
   * @param options as they were given to Docker; may hold secrets
   * @param createdAt in RFC 3339
   * @param callers how often each caller id has it mounted
   */
  public record StoredVolume(
      String name, Map<String, String> options, String createdAt, Map<String, Integer> callers) {
    public StoredVolume {
      options = Map.copyOf(options);
      callers = Map.copyOf(callers);
    }
  }
}
