package dev.mooring.harness.soak;

import java.io.IOException;

/** A program that checks its own data, again and again. */
interface Work {
  /** As the summary names it. */
  String name();

  /**
   * Does it once, from the beginning to the check.
   *
   * @throws IOException when the file system gave an error
   * @throws IllegalStateException when a program failed or a byte was wrong
   */
  void pass() throws IOException;
}
