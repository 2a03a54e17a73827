package dev.mooring.fs;

/** What a directory has under a name. */
public sealed interface Entry {

  /**
   * There is something.
   *
   * @param nameTrueUntilNanos until when the name may be taken to lead to this node, an instant of
   *     {@link Pace#nanoTime}
   */
  record Present(Node node, Fresh<Attributes> attributes, long nameTrueUntilNanos)
      implements Entry {}

  /**
   * There is nothing.
   *
   * @param trueUntilNanos until when that may be believed, an instant of {@link Pace#nanoTime}
   */
  record Absent(long trueUntilNanos) implements Entry {}
}
