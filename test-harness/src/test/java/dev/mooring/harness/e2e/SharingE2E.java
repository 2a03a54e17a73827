package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.PrivateSshd;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Several containers, several volumes, one server: nothing is mixed up and nothing is deleted. */
@OnStage
final class SharingE2E {
  private final Stage stage;

  SharingE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void aSecondContainerSeesWhatTheFirstWrote() {
    String volume = stage.createVolume(stage.remoteDirectory());
    String first = stage.start(volume + ":/d");
    stage.exec(first, "echo hello > /d/file").orThrow();
    long connections = stage.sshd().connections();
    String second = stage.start(volume + ":/d");

    assertThat(stage.sshd().connections()).isEqualTo(connections);
    assertThat(stage.exec(second, "cat /d/file").orThrow().output()).isEqualTo("hello\n");

    stage.docker().out("rm", "-f", first);
    stage.exec(second, "echo more >> /d/file").orThrow();
    assertThat(stage.run(volume + ":/d", "cat /d/file").orThrow().output())
        .isEqualTo("hello\nmore\n");
    stage.docker().out("rm", "-f", second);
  }

  @Test
  void copyingInAndOutOfARunningContainerLeavesItsVolumeMounted() throws Exception {
    String volume = stage.createVolume(stage.remoteDirectory());
    String container = stage.start(volume + ":/d");
    Path in = Files.writeString(stage.workspace().directory().resolve("in"), "copied\n");
    Path out = stage.workspace().directory().resolve("out");

    stage.docker().out("cp", in.toString(), container + ":/d/file");
    stage.docker().out("cp", container + ":/d/file", out.toString());

    assertThat(out).hasContent("copied");
    for (int i = 0; i < 3; i++) {
      stage.docker().out("cp", in.toString(), container + ":/d/again" + i);
      stage.exec(container, "echo alive >> /d/log").orThrow();
    }
    assertThat(stage.exec(container, "cat /d/file; grep -c alive /d/log").orThrow().output())
        .isEqualTo("copied\n3\n");
    stage.docker().out("rm", "-f", container);
  }

  @Test
  void removingAVolumeDeletesNothingOnTheServer() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    stage.run(volume + ":/d", "mkdir /d/sub && echo x > /d/sub/file").orThrow();

    stage.docker().out("volume", "rm", volume);

    assertThat(remote.resolve("sub/file")).hasContent("x");
    assertThat(stage.docker().out("volume", "ls", "-q")).doesNotContain(volume);
  }

  @Test
  void removingOneOfTwoVolumesOfOneSourceTouchesNeitherFilesNorTheOther() {
    Path remote = stage.remoteDirectory();
    String used = stage.createVolume(remote);
    String unused = stage.createVolume(remote, "uid=999,gid=999");
    String container = stage.start(used + ":/d");
    stage.exec(container, "touch /d/one /d/two /d/three").orThrow();
    String mixed = stage.run(unused + ":/d", "stat -c %u /d/one").orThrow().output();

    stage.docker().out("volume", "rm", unused);

    assertThat(mixed).isEqualTo("999\n");
    assertThat(stage.exec(container, "ls /d").orThrow().output()).isEqualTo("one\nthree\ntwo\n");
    assertThat(stage.exec(container, "stat -c %u /d/one").orThrow().output())
        .isEqualTo(stage.account().uid() + "\n");
    stage.docker().out("rm", "-f", container);
    stage.docker().out("volume", "rm", used);
    assertThat(remote.toFile().list()).containsExactlyInAnyOrder("one", "two", "three");
  }

  @Test
  void twoServersThatDifferOnlyInThePortAreTwoServers() throws Exception {
    String directory = stage.name("shared");
    Path here = stage.account().mkdir(directory);
    Path elsewhere = stage.account().mkdir("elsewhere");
    Path there = stage.account().mkdir("elsewhere/" + directory);
    String source = "sshcmd=" + stage.account().name() + "@127.0.0.1:" + directory;
    String config = "ForceCommand internal-sftp -d " + elsewhere;
    try (PrivateSshd other = new PrivateSshd(stage.workspace().mkdir(stage.name("sshd")), config)) {
      other.authorizeKeyOf(stage.sshd());
      String first = stage.name("vol");
      String second = stage.name("vol");
      stage.volumeCreate(first, source, "uid=1").run().orThrow();
      stage.volumeCreate(other.port(), second, source, "uid=2").run().orThrow();
      String one = stage.start(first + ":/d");
      String two = stage.start(second + ":/d");

      assertThat(stage.exec(one, "touch /d/one; stat -c %u /d/one").output()).isEqualTo("1\n");
      assertThat(stage.exec(two, "touch /d/two; stat -c %u /d/two").output()).isEqualTo("2\n");

      assertThat(here.toFile().list()).containsExactly("one");
      assertThat(there.toFile().list()).containsExactly("two");
      stage.docker().out("rm", "-f", one, two);
    }
  }
}
