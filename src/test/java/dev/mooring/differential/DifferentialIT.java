package dev.mooring.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same calls on our mount and on C sshfs, over the same sshd: what docs/SEMANTICS.md says to be
 * better here still differs, and just so.
 */
@Timeout(300)
class DifferentialIT {
  private static Rivals rivals;

  @BeforeAll
  static void serve() throws Exception {
    rivals = new Rivals();
  }

  @AfterAll
  static void stop() throws Exception {
    rivals.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsBetterStillDiffers(Setting setting) throws Exception {
    List<Duel> duels = Duel.all().stream().filter(duel -> duel.setting() == setting).toList();
    assertThat(duels).isNotEmpty();
    try (Rival ours = rivals.ours(setting);
        Rival theirs = rivals.theirs(setting);
        ExecutorService here = threads(setting);
        ExecutorService there = threads(setting)) {
      List<Future<String>> onOurs = begin(duels, ours, here);
      List<Future<String>> onTheirs = begin(duels, theirs, there);
      Map<String, String> found = new TreeMap<>();
      for (int i = 0; i < duels.size(); i++) {
        found.put(duels.get(i).row(), onOurs.get(i).get() + " against " + onTheirs.get(i).get());
      }
      assertThat(found).isEqualTo(expected(duels));
    }
  }

  private static Map<String, String> expected(List<Duel> duels) {
    Map<String, String> expected = new TreeMap<>();
    duels.forEach(duel -> expected.put(duel.row(), duel.ours() + " against " + duel.theirs()));
    return expected;
  }

  /** Where the server's process ends for all, one at a time. */
  private static ExecutorService threads(Setting setting) {
    int most = setting == Setting.MORTAL ? 1 : Duel.all().size();
    return Executors.newFixedThreadPool(most, Thread.ofPlatform().name("duel-", 0).factory());
  }

  /** Each in a directory of its own. */
  private static List<Future<String>> begin(List<Duel> duels, Rival rival, ExecutorService threads)
      throws Exception {
    List<Future<String>> begun = new ArrayList<>();
    for (Duel duel : duels) {
      rival.behind().mkdir(duel.row(), 0755);
    }
    for (Duel duel : duels) {
      begun.add(threads.submit(() -> duel.shownOn(rival, duel.row())));
    }
    return begun;
  }
}
