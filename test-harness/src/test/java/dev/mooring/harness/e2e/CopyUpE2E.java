package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Docker copies what an image has at the mount point into an empty volume, chown included. */
@OnStage
final class CopyUpE2E {
  private final Stage stage;

  CopyUpE2E(Stage stage) {
    this.stage = stage;
  }

  private String image(String directory, String owner, boolean withFiles, String... changes)
      throws Exception {
    String name = stage.name("image") + ":test";
    Path root = stage.workspace().mkdir(name.replace(":", "-"));
    Path data = Files.createDirectories(root.resolve(directory));
    if (withFiles) {
      Files.writeString(data.resolve("seed"), "from the image\n");
      Files.createSymbolicLink(data.resolve("link"), Path.of("seed"));
      Files.createDirectory(data.resolve("sub"));
      Files.writeString(data.resolve("sub/deep"), "deep\n");
    }
    Command.of("chown", "-R", owner, data.toString()).run().orThrow();
    Command.of("chmod", "750", data.toString()).run().orThrow();
    stage.docker().importBusybox(name, root, changes);
    return name;
  }

  @Test
  void anImageWithFilesAtTheMountPointFillsTheVolume() throws Exception {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String image = image("var/lib/app", "1234:1234", true);

    String seen =
        stage
            .run(image, volume + ":/var/lib/app", "cat /var/lib/app/link /var/lib/app/sub/deep")
            .orThrow()
            .output();

    assertThat(seen).isEqualTo("from the image\ndeep\n");
    assertThat(remote.resolve("seed")).hasContent("from the image");
    assertThat(Files.readSymbolicLink(remote.resolve("link"))).hasToString("seed");
  }

  @Test
  void anEmptyDirectoryOfAnotherOwnerInTheImageIsNoObstacle() throws Exception {
    String volume = stage.createVolume(stage.remoteDirectory());
    String image = image("data", "1234:1234", false, "WORKDIR /data");

    assertThat(stage.run(image, volume + ":/data", "pwd").orThrow().output()).isEqualTo("/data\n");
  }

  @Test
  void anEntrypointThatChownsItsDataDirectoryGoesOn() throws Exception {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);

    String script =
        "mkdir -p /d/pg && chown -R 70:70 /d/pg && chmod 700 /d/pg && stat -c %u:%g:%a /d/pg";

    assertThat(stage.run(volume + ":/d", script).orThrow().output()).isEqualTo("70:70:700\n");
  }
}
