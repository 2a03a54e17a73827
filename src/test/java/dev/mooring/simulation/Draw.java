package dev.mooring.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws steps. There are few names, so that callers meet; every list that is drawn, and every part
 * of it, can be taken.
 */
final class Draw {
  private static final List<String> PATHS =
      List.of("a", "b", "c", "a/a", "a/b", "b/a", "b/b", "a/a/a", "a/a/b");
  private static final List<String> TARGETS = List.of("a", "b", "../b", "b/a", "c/../a", "a/a");
  private static final int NUMBERS = 96;

  private final SplittableRandom random;
  private final List<Verb> verbs = new ArrayList<>();
  private final List<Verb> verbsBehind = new ArrayList<>();

  Draw(SplittableRandom random, Profile profile) {
    this.random = random;
    for (Verb verb : Verb.values()) {
      boolean speakable =
          switch (verb) {
            // Without extensions there are neither hard links nor attributes of symbolic ones.
            case LINK -> profile.server() != Profile.Server.PLAIN;
            // To follow a link takes several calls, between which others may do theirs.
            case SYMLINK -> profile.server() != Profile.Server.PLAIN && !profile.together();
            default -> true;
          };
      for (int n = weight(verb); n > 0 && speakable; n--) {
        verbs.add(verb);
        if (isForTheOther(verb) && profile.coherence() != Profile.Coherence.RELAXED) {
          verbsBehind.add(verb);
        }
      }
    }
  }

  List<Step> steps(int count) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(0, Verb.MKDIR, "a", "", 0));
    for (int i = 0; i < count; i++) {
      boolean behind = !verbsBehind.isEmpty() && random.nextInt(6) == 0;
      steps.add(step(behind));
    }
    return steps;
  }

  private Step step(boolean behind) {
    Verb verb = of(behind ? verbsBehind : verbs);
    boolean path =
        switch (verb.subject()) {
          case PATH, TWO_PATHS -> true;
          case DESCRIPTOR, NOTHING -> false;
        };
    String other =
        switch (verb) {
          case RENAME, NOREPLACE, LINK -> of(PATHS);
          case SYMLINK -> of(TARGETS);
          default -> "";
        };
    return new Step(
        behind ? Step.BEHIND : random.nextInt(Step.BEHIND),
        verb,
        path ? path(verb) : "",
        other,
        random.nextInt(NUMBERS));
  }

  private String path(Verb verb) {
    boolean rootToo = verb == Verb.READDIR || verb == Verb.STAT;
    return rootToo && random.nextInt(4) == 0 ? "" : of(PATHS);
  }

  private <T> T of(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static boolean isForTheOther(Verb verb) {
    return switch (verb) {
      case PUT, MKDIR, RMDIR, UNLINK, RENAME, CHMOD, TRUNCATE, SYMLINK, UTIMENSAT -> true;
      default -> false;
    };
  }

  private static int weight(Verb verb) {
    return switch (verb) {
      case OPEN, WRITE, PUT -> 5;
      case READ, STAT, GET, RENAME, MKDIR, UNLINK -> 3;
      case CLOSE, READDIR, LSTAT, SYMLINK -> 2;
      default -> 1;
    };
  }
}
