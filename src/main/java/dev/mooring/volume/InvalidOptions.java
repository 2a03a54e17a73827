package dev.mooring.volume;

import dev.mooring.ssh.ServerText;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Options that make no mount. The message is one line below 1 kB for the person who gave them and
 * names all problems at once, as far as there is room; secrets are not in it.
 */
public final class InvalidOptions extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private static final int MAX_SHOWN = 20;
  private static final int MAX_BYTES = 900;
  private static final int MAX_PROBLEM = 600;

  private final String[] problems;
  private final OptionTrouble[] troubles;

  /** Of at least one problem. */
  InvalidOptions(List<Problem> problems) {
    super(message(problems));
    this.problems = problems.stream().map(InvalidOptions::shortened).toArray(String[]::new);
    this.troubles = problems.stream().map(Problem::trouble).toArray(OptionTrouble[]::new);
  }

  private static String message(List<Problem> problems) {
    List<String> shown = problems.stream().limit(MAX_SHOWN).map(InvalidOptions::shortened).toList();
    String line = String.join("; ", shown);
    while (shown.size() > 1 && line.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      shown = shown.subList(0, shown.size() - 1);
      line = String.join("; ", shown);
    }
    int more = problems.size() - shown.size();
    return (problems.size() == 1 ? "" : problems.size() + " problems: ")
        + line
        + (more == 0 ? "" : "; and " + more + " more");
  }

  private static String shortened(Problem problem) {
    return ServerText.escape(problem.text(), MAX_PROBLEM);
  }

  /** Each problem by itself. */
  public List<String> problems() {
    return List.of(problems);
  }

  /** What is wrong in each of them. */
  public List<OptionTrouble> troubles() {
    return List.of(troubles);
  }
}
