package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The published recipe that people follow, in its own words. */
@OnStage
final class RecipeE2E {
  private final Stage stage;

  RecipeE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void theRecipeGivesFilesTheUidThatItAsksFor() throws Exception {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote, "uid=999,gid=999", "allow_other");

    String owner =
        stage
            .docker()
            .out(
                "run",
                "--rm",
                "--network",
                "none",
                "-u",
                "999",
                "-v",
                volume + ":/tmp:nocopy",
                Stage.IMAGE,
                "sh",
                "-c",
                "touch /tmp/testfile && stat -c %u:%g /tmp/testfile");

    assertThat(owner).isEqualTo("999:999");
    assertThat(remote.resolve("testfile")).exists();
    assertThat(Files.getAttribute(remote.resolve("testfile"), "unix:uid"))
        .isEqualTo(stage.account().uid());
  }

  @Test
  void theRecipeWorksWithAnotherDiskBoundOverTheServedDirectory() throws Exception {
    Path remote = stage.remoteDirectory();
    Path disk = stage.remoteDirectory();
    Command.of("mount", "--bind", disk.toString(), remote.toString()).run().orThrow();
    try {
      String volume = stage.createVolume(remote);
      stage.run(volume + ":/tmp:nocopy", "echo here > /tmp/file").orThrow();
      assertThat(Files.readString(disk.resolve("file"))).isEqualTo("here\n");
      stage.docker().out("volume", "rm", volume);
    } finally {
      Command.of("umount", "-l", remote.toString()).run().orThrow();
    }
    assertThat(disk.resolve("file")).exists();
  }

  @Test
  void aSecondColonInTheSourceIsTakenForOne() {
    Path remote = stage.remoteDirectory();
    String name = stage.name("vol");
    String source = "sshcmd=" + stage.account().name() + "@127.0.0.1::" + remote;
    stage.volumeCreate(name, source).run().orThrow();

    stage.run(name + ":/d", "touch /d/file").orThrow();

    assertThat(remote.resolve("file")).exists();
    assertThat(stage.docker().out("volume", "inspect", name)).contains("::");
  }

  @Test
  void aContainersUserNeedsNoOptionToReadAndWrite() {
    String volume = stage.createVolume(stage.remoteDirectory());

    String listing =
        stage
            .docker()
            .out(
                "run",
                "--rm",
                "--network",
                "none",
                "-u",
                "1000",
                "-v",
                volume + ":/d",
                Stage.IMAGE,
                "sh",
                "-c",
                "echo x > /d/file && ls /d");

    assertThat(listing).isEqualTo("file");
  }

  @Test
  void aPasswordWithEverySpecialCharacterLogsIn() throws Exception {
    Path remote = stage.remoteDirectory();
    String inline =
        stage.createVolume(remote, "password=" + stage.account().password(), "IdentitiesOnly=yes");
    stage.run(inline + ":/d", "echo inline > /d/inline").orThrow();

    Files.writeString(stage.keys().resolve("pw"), stage.account().password() + "\n");
    String byFile = stage.createVolume(remote, "password_file=pw");
    stage.run(byFile + ":/d", "echo file > /d/file").orThrow();

    assertThat(remote.resolve("inline")).hasContent("inline");
    assertThat(remote.resolve("file")).hasContent("file");
  }
}
