package dev.mooring.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rows of docs/SEMANTICS.md that a test shows. A row without a test and a name without a
 * row fail the build.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface SemanticsRow {
  /** The ids of the rows. */
  String[] value();
}
