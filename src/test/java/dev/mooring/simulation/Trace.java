package dev.mooring.simulation;

import dev.mooring.differential.Rival;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The same system calls on a mount of ours and on one of C sshfs. What callers see, and what the
 * server has in the end, is the same but for what docs/SEMANTICS.md says to be better here. After
 * such a difference sshfs is helped to where we are, and the trace goes on.
 */
final class Trace implements Simulation<Step> {
  /** The rows that explain a difference. */
  static final Set<String> ROWS =
      Set.of(
          "write.allocate",
          "rename.no-replace",
          "errno.not-empty",
          "unlink.open",
          "owner.link",
          "time.one",
          "time.link");

  private static final int STEPS = 60;

  /** All calls there are, with nobody behind our back. */
  private static final Profile PROFILE =
      new Profile(Profile.Coherence.RELAXED, Profile.Server.OPENSSH, false);

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final Rival ours;
  private final Rival theirs;
  private final List<Step> steps;
  private final Set<String> met;

  private Trace(Rival ours, Rival theirs, List<Step> steps, Set<String> met) {
    this.ours = ours;
    this.theirs = theirs;
    this.steps = steps;
    this.met = met;
  }

  /**
   * What the seed decides, on two mounts that may have been used before.
   *
   * @param met receives the rows of the differences that were met
   */
  static Trace ofSeed(Rival ours, Rival theirs, long seed, Set<String> met) {
    List<Step> steps = new Draw(new SplittableRandom(seed), PROFILE).steps(STEPS);
    // Here a second is one.
    return new Trace(
        ours, theirs, steps.stream().filter(step -> step.verb() != Verb.SLEEP).toList(), met);
  }

  /** These steps, as a line of text each. */
  static void repeat(Rival ours, Rival theirs, String steps, Set<String> met) throws Exception {
    List<Step> all = Step.parseAll(steps);
    new Trace(ours, theirs, all, met).run(all);
  }

  @Override
  public List<Step> steps() {
    return steps;
  }

  @Override
  public void run(List<Step> taken) throws Exception {
    String name = "run" + RUNS.incrementAndGet();
    try (TracedMount here = new TracedMount(ours, name);
        TracedMount there = new TracedMount(theirs, name)) {
      boolean linked = false;
      for (Step step : taken) {
        String seen = here.outcome(step);
        String other = there.outcome(step);
        // To a client, two names are two files: what it knows of one may be older than the other.
        boolean same =
            linked ? Contents.vague(seen).equals(Contents.vague(other)) : seen.equals(other);
        String row = same ? null : row(step, seen, other, there);
        if (!same && row == null) {
          throw new AssertionError("%s: %s, but %s on sshfs".formatted(step, seen, other));
        }
        note(row);
        note(rowOfAttributes(step, here, there));
        linked |= step.verb() == Verb.LINK && seen.equals("done");
      }
      compareTrees(here, there);
    }
  }

  private void note(@Nullable String row) {
    if (row != null) {
      met.add(row);
    }
  }

  private static void compareTrees(TracedMount here, TracedMount there) throws ErrnoException {
    here.processes().closeAll();
    there.processes().closeAll();
    Map<String, String> tree = here.tree();
    Map<String, String> other = there.tree();
    if (!tree.equals(other)) {
      throw new AssertionError(
          "the server has%n%s%nand from sshfs%n%s".formatted(lines(tree), lines(other)));
    }
  }

  private static String lines(Map<String, String> tree) {
    return tree.entrySet().stream()
        .map(line -> "  /" + line.getKey() + ": " + line.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** The row that explains why callers saw different things; null if none does. */
  private static @Nullable String row(Step step, String seen, String other, TracedMount there)
      throws ErrnoException {
    boolean done = seen.equals("done");
    return switch (step.verb()) {
      case FALLOCATE -> {
        if (done && other.equals(Errno.EOPNOTSUPP.name())) {
          there.processes().extendInsteadOf(step);
          yield "write.allocate";
        }
        yield null;
      }
      case NOREPLACE ->
          other.equals(Errno.EINVAL.name())
                  && (!done || there.outcome(step.with(Verb.RENAME)).equals(seen))
              ? "rename.no-replace"
              : null;
      case RMDIR, RENAME -> {
        if (done && there.removeHidden(step) && there.outcome(step).equals(seen)) {
          yield "unlink.open";
        }
        boolean vague = seen.equals(Errno.ENOTEMPTY.name()) && other.equals(Errno.EPERM.name());
        yield vague ? "errno.not-empty" : null;
      }
      case LCHOWN, UTIMENSAT ->
          // A link without a target; what was to be done is done by rowOfAttributes.
          done && other.equals(Errno.ENOENT.name()) ? rowOfLink(step) : null;
      default -> null;
    };
  }

  private static String rowOfLink(Step step) {
    return step.verb() == Verb.LCHOWN ? "owner.link" : "time.link";
  }

  /** The row that explains why the server's attributes differ by now; null if they do not. */
  private static @Nullable String rowOfAttributes(Step step, TracedMount here, TracedMount there)
      throws ErrnoException {
    boolean link = here.isLink(step.path());
    String row =
        switch (step.verb()) {
          case LCHOWN -> link ? "owner.link" : null;
          case UTIMENSAT -> link ? "time.link" : "time.one";
          case FUTIMENS -> "time.one";
          default -> null;
        };
    if (row == null) {
      return null;
    }
    here.processes().fsyncAll();
    there.processes().fsyncAll();
    return there.takeAttributesOf(here) ? row : null;
  }

  @Override
  public String regression(List<Step> shrunk) {
    return
"""
  @Test
  void nameWhatWentWrong() throws Exception {
    trace(
        \"""
        %s
        \""");
  }
"""
        .formatted(
            shrunk.stream().map(Objects::toString).collect(Collectors.joining("\n        ")));
  }
}
