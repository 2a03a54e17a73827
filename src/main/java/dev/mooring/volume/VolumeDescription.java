package dev.mooring.volume;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A volume as it is now, for people and for dockerd.
 *
 * @param mountPoint null when not mounted
 * @param status words and figures for {@code docker volume inspect}, in the order of showing; never
 *     a secret
 */
public record VolumeDescription(
    String name, @Nullable Path mountPoint, Instant createdAt, Map<String, Object> status) {

  /** The mount point as the protocol has it: empty when not mounted. */
  public String mountPointText() {
    return mountPoint == null ? "" : mountPoint.toString();
  }
}
