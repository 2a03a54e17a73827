package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FateTest {
  private static List<String> status(String pending, String shared, String ignored, String caught) {
    return List.of(
        "Name:\tcat",
        "SigPnd:\t" + pending,
        "ShdPnd:\t" + shared,
        "SigBlk:\t0000000000000000",
        "SigIgn:\t" + ignored,
        "SigCgt:\t" + caught);
  }

  private static final String NONE = "0000000000000000";
  private static final String KILL = "0000000000000100";
  private static final String ALARM = "0000000000002000";
  private static final String CHILD = "0000000000010000";

  @Test
  void killEndsEverybody() {
    assertThat(Fate.isDoomed(status(KILL, NONE, NONE, NONE))).isTrue();
    assertThat(Fate.isDoomed(status(NONE, KILL, NONE, "ffffffffffffffff"))).isTrue();
  }

  @Test
  void aSignalWithAHandlerIsSurvived() {
    assertThat(Fate.isDoomed(status(NONE, ALARM, NONE, ALARM))).isFalse();
    assertThat(Fate.isDoomed(status(NONE, ALARM, ALARM, NONE))).isFalse();
    assertThat(Fate.isDoomed(status(NONE, ALARM, NONE, NONE))).isTrue();
  }

  @Test
  void whatNobodyDiesOfIsSurvived() {
    assertThat(Fate.isDoomed(status(NONE, CHILD, NONE, NONE))).isFalse();
    assertThat(Fate.isDoomed(status(NONE, NONE, NONE, NONE))).isFalse();
  }

  @Test
  void aThreadOfAnotherNameSpaceIsTakenForDoomedButNotForKilled() {
    assertThat(Fate.isDoomed(0)).isTrue();
    assertThat(Fate.isKilled(0)).isFalse();
  }

  @Test
  void theLivingAreNot() {
    int own = (int) ProcessHandle.current().pid();
    assertThat(Fate.isDoomed(own)).isFalse();
    assertThat(Fate.isKilled(own)).isFalse();
  }

  @Test
  void theKilledCloseTheirFilesWithBothFlags() {
    String exited = "7 (a) b (c) D 1 2 3 0 -1 4194308 0 0";
    String killed = "7 (a) b (c) D 1 2 3 0 -1 4195332 0 0";
    assertThat(Fate.isKilled(exited)).isFalse();
    assertThat(Fate.isKilled(killed)).isTrue();
  }
}
