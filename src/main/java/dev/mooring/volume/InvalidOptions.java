package dev.mooring.volume;

import java.io.IOException;
import java.io.Serial;
import java.util.List;

/**
 * Options that make no mount. The message is one line for the person who gave them and names all
 * problems at once; secrets are not in it.
 */
public final class InvalidOptions extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final String[] problems;

  /** Of at least one problem. */
  public InvalidOptions(List<String> problems) {
    super(
        problems.size() == 1
            ? problems.getFirst()
            : problems.size() + " problems: " + String.join("; ", problems));
    this.problems = problems.toArray(String[]::new);
  }

  /** Each problem by itself. */
  public List<String> problems() {
    return List.of(problems);
  }
}
