package dev.mooring.docker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What dockerd is answered: always a JSON object, since an empty body is an error to it. */
sealed interface PluginResponse {

  /** Done; there is nothing to say. */
  record Done() implements PluginResponse {}

  /** To {@link PluginRequest.Activate}. */
  record Activated(@JsonProperty("Implements") java.util.List<String> protocols)
      implements PluginResponse {}

  /** To {@link PluginRequest.Capabilities}. */
  record Capable(Capabilities capabilities) implements PluginResponse {}

  /**
   * What the driver can do.
   *
   * @param scope {@code local}: each node has its own volumes, whatever they lead to
   */
  record Capabilities(String scope) {}

  /** To {@link PluginRequest.Mount} and {@link PluginRequest.Path}; empty when not mounted. */
  record MountPoint(String mountpoint) implements PluginResponse {}

  /** To {@link PluginRequest.Get}. */
  record One(Volume volume) implements PluginResponse {}

  /** To {@link PluginRequest.List}. */
  record All(java.util.List<Volume> volumes) implements PluginResponse {}

  /**
   * A volume.
   *
   * @param mountpoint empty when not mounted
   * @param createdAt in RFC 3339; any other text would make dockerd forget the volume
   * @param status for {@code docker volume inspect}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Volume(
      String name,
      String mountpoint,
      @Nullable String createdAt,
      @Nullable Map<String, Object> status) {}

  /** It failed; one line for the person at the other end. */
  record Failed(String err) implements PluginResponse {}
}
