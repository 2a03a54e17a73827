package dev.mooring.simulation;

import dev.mooring.simulation.Profile.Coherence;
import dev.mooring.simulation.Profile.Server;
import org.junit.jupiter.api.Test;

/** What seeds have found, each shrunk to the steps that it takes. */
class ModelRegressionTest {

  @Test
  void aDirectoryDoesNotGoBelowItselfWhateverIsThere() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.STRICT, Server.PLAIN, false),
        """
        0 mkdir a . 0
        x put a/a . 39
        2 rename a a/a 92
        """);
  }

  @Test
  void aFileDoesNotReplaceTheDirectoryThatItIsIn() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.RELAXED, Server.OPENSSH, false),
        """
        0 mkdir a . 0
        1 put a/a . 22
        0 rename a/a a 16
        """);
  }

  @Test
  void aSecondNameOfADirectoryIsRefusedForBeingTakenFirst() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.STRICT, Server.OPENSSH, false),
        """
        0 mkdir a . 0
        1 mkdir a/b . 56
        0 link a a/b 16
        """);
  }

  @Test
  void timesAreSetOnTheOpenFileThatOthersHaveUnlinked() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.CLOSE_TO_OPEN, Server.OPENSSH, false),
        """
        0 open a . 78
        x unlink a . 95
        0 futimens . . 27
        """);
  }

  @Test
  void timesAreSetOnTheOpenFileAndNotOnTheOneThatReplacedIt() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.CLOSE_TO_OPEN, Server.OPENSSH, false),
        """
        0 open a . 78
        x put b . 3
        x rename b a 0
        0 futimens . . 26
        """);
  }

  @Test
  void aCopyWithinAFileOverlapsOnlyAsFarAsTheFileGoes() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.RELAXED, Server.OPENSSH, false),
        """
        2 open b . 35
        2 copy . . 77
        2 write . . 31
        2 copy . . 77
        """);
  }

  @Test
  void aLinkThatComesWhileAFileIsMadeIsFollowed() throws Exception {
    ModelSimulation.repeat(
        new Profile(Coherence.RELAXED, Server.OPENSSH, true),
        """
        0 mkdir a . 12
        0 put a/b . 5
        2 symlink a/b ../b 94
        """);
  }
}
