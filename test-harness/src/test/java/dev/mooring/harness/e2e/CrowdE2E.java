package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many at once. */
@OnStage
final class CrowdE2E {
  private static final int VOLUMES = 50;

  private final Stage stage;

  CrowdE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void fiftyVolumesAreCreatedUsedAndRemovedAtOnce() {
    List<Path> remotes = Stream.generate(stage::remoteDirectory).limit(VOLUMES).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      remotes.stream()
          .map(remote -> CompletableFuture.runAsync(() -> use(remote), threads))
          .toList()
          .forEach(CompletableFuture::join);
    }

    assertThat(remotes).allSatisfy(remote -> assertThat(remote.resolve("file")).hasContent("x"));
  }

  private void use(Path remote) {
    String volume = stage.createVolume(remote);
    stage.run(volume + ":/d", "echo x > /d/file").orThrow();
    stage.docker().out("volume", "rm", volume);
  }

  @Test
  void twentyContainersStartOnOneVolumeAtOnce() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    List<CompletableFuture<Command.Outcome>> runs;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      runs =
          IntStream.range(0, 20)
              .mapToObj(i -> "echo x > /d/file-" + i)
              .map(script -> CompletableFuture.supplyAsync(() -> run(volume, script), threads))
              .toList();
    }

    runs.forEach(run -> run.join().orThrow());
    assertThat(remote.toFile().list()).hasSize(20);
  }

  private Command.Outcome run(String volume, String script) {
    return stage.run(volume + ":/d", script);
  }
}
