package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings.Lifetimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long answers will be believed: a preset, and single times over it. Not thread-safe. */
public final class CacheDraft {
  /** The presets. */
  public enum Consistency {
    /** Nothing is believed twice. */
    STRICT,
    /** An open shows what the last close elsewhere wrote. */
    CLOSE_TO_OPEN,
    /** Nobody else changes anything. */
    RELAXED
  }

  private Consistency consistency = Consistency.CLOSE_TO_OPEN;
  private @Nullable Duration all;
  private @Nullable Duration attributes;
  private @Nullable Duration entries;
  private @Nullable Duration directories;
  private @Nullable Duration absent;
  private @Nullable Integer idleNodes;

  /** Of how many files that nobody uses something is remembered. */
  public void idleNodes(int most) {
    idleNodes = most;
  }

  /** The preset. */
  public void consistency(Consistency preset) {
    consistency = preset;
  }

  /** Attributes, names and listings alike. */
  public void all(Duration time) {
    all = time;
  }

  /** What stat(2) shows. */
  public void attributes(Duration time) {
    attributes = time;
  }

  /** What a name leads to. */
  public void entries(Duration time) {
    entries = time;
  }

  /** Whole listings. */
  public void directories(Duration time) {
    directories = time;
  }

  /** That there is nothing under a name. */
  public void absent(Duration time) {
    absent = time;
  }

  Lifetimes lifetimes() {
    Lifetimes preset =
        switch (consistency) {
          case STRICT -> Lifetimes.STRICT;
          case CLOSE_TO_OPEN -> Lifetimes.CLOSE_TO_OPEN;
          case RELAXED -> Lifetimes.RELAXED;
        };
    return new Lifetimes(
        first(attributes, all, preset.attributes()),
        least(preset.openAttributes(), first(attributes, all, preset.attributes())),
        first(entries, all, preset.entries()),
        first(absent, null, least(preset.absent(), first(entries, all, preset.entries()))),
        first(directories, all, preset.directories()),
        preset.statistics(),
        idleNodes == null ? preset.idleNodes() : idleNodes);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration first(
      @Nullable Duration own, @Nullable Duration common, Duration preset) {
    if (own != null) {
      return own;
    }
    return common != null ? common : preset;
  }
}
