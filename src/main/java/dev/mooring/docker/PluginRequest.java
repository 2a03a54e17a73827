package dev.mooring.docker;

import java.util.Map;

/**
 * What dockerd asks, one record for each endpoint. A field that is missing, or {@code null} as Go
 * sends an empty map, is empty here.
 */
sealed interface PluginRequest {

  /** Which protocols are spoken. Has no body; dockerd asks it of plugins that are not managed. */
  record Activate() implements PluginRequest {}

  /** What the driver can do. Asked before nearly every other call. */
  record Capabilities() implements PluginRequest {}

  /** All volumes. */
  record List() implements PluginRequest {}

  /** A volume is to be. dockerd asks {@link Get} first, and may repeat this. */
  record Create(String name, Map<String, String> opts) implements PluginRequest {}

  /** A volume is to be forgotten. */
  record Remove(String name) implements PluginRequest {}

  /**
   * Somebody wants to use a volume.
   *
   * @param id of the caller, opaque; the same one comes again from {@code docker cp}
   */
  record Mount(String name, String id) implements PluginRequest {}

  /** Somebody is done with a volume. */
  record Unmount(String name, String id) implements PluginRequest {}

  /** Where a volume is mounted. */
  record Path(String name) implements PluginRequest {}

  /** One volume. An error would make dockerd forget it. */
  record Get(String name) implements PluginRequest {}
}
