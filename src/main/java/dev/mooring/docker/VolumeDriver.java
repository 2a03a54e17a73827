package dev.mooring.docker;

import dev.mooring.docker.PluginResponse.Done;
import dev.mooring.docker.PluginResponse.MountPoint;
import dev.mooring.volume.VolumeDescription;
import dev.mooring.volume.VolumeRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Docker's VolumeDriver protocol: finds out what is asked, asks the registry, and puts its answer
 * or its failure into words. Thread-safe; a call may wait as long as the registry does.
 */
final class VolumeDriver {
  private static final Logger log = LoggerFactory.getLogger(VolumeDriver.class);

  private static final Map<String, Class<? extends PluginRequest>> ENDPOINTS =
      Map.of(
          "/Plugin.Activate", PluginRequest.Activate.class,
          "/VolumeDriver.Capabilities", PluginRequest.Capabilities.class,
          "/VolumeDriver.Create", PluginRequest.Create.class,
          "/VolumeDriver.Remove", PluginRequest.Remove.class,
          "/VolumeDriver.Mount", PluginRequest.Mount.class,
          "/VolumeDriver.Unmount", PluginRequest.Unmount.class,
          "/VolumeDriver.Path", PluginRequest.Path.class,
          "/VolumeDriver.Get", PluginRequest.Get.class,
          "/VolumeDriver.List", PluginRequest.List.class);

  private final VolumeRegistry registry;

  VolumeDriver(VolumeRegistry registry) {
    this.registry = registry;
  }

  /** Answers one HTTP request. Never throws. */
  Reply answer(String method, String path, byte[] body) {
    Class<? extends PluginRequest> type = ENDPOINTS.get(path);
    if (type == null) {
      return Reply.failed(
          HttpResponseStatus.NOT_FOUND,
          "this is a volume plugin: it has no endpoint " + path + ", only " + endpoints());
    }
    if (!method.equals("POST")) {
      return Reply.failed(
          HttpResponseStatus.METHOD_NOT_ALLOWED, path + " wants POST, not " + method);
    }
    PluginRequest request;
    try {
      request = parse(type, body);
    } catch (IOException e) {
      return Reply.failed(
          HttpResponseStatus.BAD_REQUEST, path + " got a body it cannot use: " + e.getMessage());
    }
    return answer(request);
  }

  private static PluginRequest parse(Class<? extends PluginRequest> type, byte[] body)
      throws IOException {
    if (type == PluginRequest.Activate.class) {
      return new PluginRequest.Activate();
    }
    if (body.length == 0) {
      // dockerd forgets the body when it repeats a request whose connection was lost.
      throw new IOException("it is empty; repeat the call");
    }
    return PluginJson.read(body, type);
  }

  private Reply answer(PluginRequest request) {
    try {
      return carryOut(request);
    } catch (IOException e) {
      return Reply.failed(HttpResponseStatus.INTERNAL_SERVER_ERROR, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      log.error("{} failed unexpectedly", request.getClass().getSimpleName(), e);
      return Reply.failed(
          HttpResponseStatus.INTERNAL_SERVER_ERROR,
          "the plugin failed unexpectedly (" + e + "); see its log and report this");
    }
  }

  private Reply carryOut(PluginRequest request) throws IOException {
    return switch (request) {
      case PluginRequest.Activate() ->
          Reply.ok(new PluginResponse.Activated(java.util.List.of("VolumeDriver")));
      case PluginRequest.Capabilities() ->
          Reply.ok(new PluginResponse.Capable(new PluginResponse.Capabilities("local")));
      case PluginRequest.Create(var name, var opts) -> {
        registry.create(name, opts);
        yield Reply.ok(new Done());
      }
      case PluginRequest.Remove(var name) -> {
        registry.remove(name);
        yield Reply.ok(new Done());
      }
      case PluginRequest.Mount(var name, var id) -> {
        String mountPoint = registry.mount(name, id).toString();
        yield Reply.ok(new MountPoint(mountPoint), () -> unmount(name, id));
      }
      case PluginRequest.Unmount(var name, var id) -> {
        registry.unmount(name, id);
        yield Reply.ok(new Done());
      }
      case PluginRequest.Path(var name) ->
          Reply.ok(new MountPoint(registry.get(name).mountPointText()));
      case PluginRequest.Get(var name) -> Reply.ok(new PluginResponse.One(one(registry.get(name))));
      case PluginRequest.List() ->
          Reply.ok(
              new PluginResponse.All(registry.list().stream().map(VolumeDriver::listed).toList()));
    };
  }

  private void unmount(String name, String id) {
    log.info("dockerd hung up before it heard that {} is mounted: taken back", name);
    registry.unmount(name, id);
  }

  private static PluginResponse.Volume one(VolumeDescription volume) {
    return new PluginResponse.Volume(
        volume.name(),
        volume.mountPointText(),
        volume.createdAt().truncatedTo(ChronoUnit.SECONDS).toString(),
        volume.status());
  }

  private static PluginResponse.Volume listed(VolumeDescription volume) {
    return new PluginResponse.Volume(volume.name(), volume.mountPointText(), null, null);
  }

  private static String endpoints() {
    return String.join(", ", ENDPOINTS.keySet().stream().sorted().toList());
  }
}
