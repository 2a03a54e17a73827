package dev.mooring.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.differential.Rival;
import dev.mooring.differential.Rivals;
import dev.mooring.testing.SemanticsPage;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random calls on our mounts and on C sshfs, each with a directory of its own of one sshd. Links
 * are not contained: that they are, and how, is a difference that others show.
 */
@Timeout(value = 24, unit = TimeUnit.HOURS)
class TraceIT {
  /** How many seeds the gate runs with each binding. */
  private static final int SEEDS = 30;

  private static final String ALL_LINKS = "no_contain_symlinks";

  private interface Comparison {
    void make(Rival ours, Rival theirs, Set<String> met) throws Exception;
  }

  /** Answers the rows of the differences that were met. */
  private static Set<String> compare(String binding, Comparison comparison) throws Exception {
    Set<String> met = new TreeSet<>();
    try (Rivals rivals = new Rivals();
        Rival ours = rivals.ours(ALL_LINKS, "fuse=" + binding);
        // What sshfs remembers would stand in the way of those who help it.
        Rival theirs =
            rivals.theirs(ALL_LINKS, "dir_cache=no", "attr_timeout=0", "entry_timeout=0")) {
      comparison.make(ours, theirs, met);
    }
    return met;
  }

  private static void traceSeeds(String binding) throws Exception {
    Set<String> met =
        compare(
            binding,
            (ours, theirs, rows) ->
                Seeds.run(
                    "trace " + binding, SEEDS, seed -> Trace.ofSeed(ours, theirs, seed, rows)));
    assertThat(met).isSubsetOf(Trace.ROWS);
  }

  private static Set<String> trace(String steps) throws Exception {
    return compare("kernel", (ours, theirs, rows) -> Trace.repeat(ours, theirs, steps, rows));
  }

  @Test
  void kernel() throws Exception {
    traceSeeds("kernel");
  }

  @Test
  void jnr() throws Exception {
    traceSeeds("jnr");
  }

  @Test
  void whatIsAllowedIsOnThePage() throws Exception {
    assertThat(SemanticsPage.idsThatDiffer()).containsAll(Trace.ROWS);
  }

  @Test
  void everyDifferenceThatIsAllowedIsMet() throws Exception {
    assertThat(
            trace(
                """
                0 mkdir a . 0
                0 open a/a . 3
                0 fallocate . . 57
                0 unlink a/a . 0
                0 rmdir a . 0
                0 mkdir a . 0
                0 noreplace a b 0
                0 put b/a . 3
                0 mkdir a . 0
                0 rename a b 0
                0 symlink c nowhere 0
                0 lchown c . 4
                0 utimensat c . 2
                0 utimensat b/a . 6
                0 utimensat b/a . 4
                """))
        .isEqualTo(Trace.ROWS);
  }
}
