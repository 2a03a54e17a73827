package dev.mooring.harness.swarm;

import dev.mooring.harness.Patience;
import java.nio.file.Path;
import java.time.Duration;

/** The dockerd of a node, with the paths that it has on every machine. */
public final class NodeDockerd {
  private static final Duration START = Duration.ofSeconds(60);

  private final Node node;

  NodeDockerd(Node node) {
    this.node = node;
  }

  /** Starts it and returns when it answers. */
  public void start() {
    launch();
    Patience.until("dockerd of " + node.name() + " answers, see " + log(), START, this::answers);
  }

  /** Starts it and returns at once. */
  void launch() {
    node.start(
        "dockerd",
        "dockerd",
        "--host=unix://" + node.socket(),
        "--host=unix:///run/docker.sock",
        "--pidfile=/run/docker.pid",
        "--storage-driver=overlay2",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-masq=false",
        "--userland-proxy=false",
        "--shutdown-timeout=5");
  }

  boolean answers() {
    return node.docker().run("version").exit() == 0;
  }

  private Path log() {
    return node.log("dockerd");
  }

  /** Kills dockerd and its containerd; containers and plugins live on without them. */
  public void crash() {
    node.sh("kill -9 $(cat /run/docker.pid) $(cat /run/docker/containerd/containerd.pid)");
  }
}
