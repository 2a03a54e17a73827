package dev.mooring.mount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in memory that remembers what was shown and refuses what a real one would. */
final class FakePlace implements MountPlace {
  private final Path path;
  private final Set<Path> stagings = new HashSet<>();
  private Runnable whenUnstaged = () -> {};
  private @Nullable Path shown;
  private int staged;
  private @Nullable IOException nextFailure;

  FakePlace(Path path) {
    this.path = path;
  }

  /** Runs after the mount has been taken away. */
  void onUnstage(Runnable action) {
    whenUnstaged = action;
  }

  /** The next step fails. */
  void failNext(IOException failure) {
    nextFailure = failure;
  }

  /** As after umount(8) by somebody else. */
  void loseSight() {
    shown = null;
  }

  /** As a process left it that died. */
  void leaveDead() {
    shown = Path.of("/dead");
  }

  boolean isBare() {
    return shown == null && stagings.isEmpty();
  }

  boolean isShowing() {
    return shown != null;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Path stage() throws IOException {
    failIfAsked();
    Path made = Path.of("/run/stage/" + ++staged);
    stagings.add(made);
    return made;
  }

  @Override
  public boolean isCovered() {
    return shown != null;
  }

  @Override
  public void show(Path made) throws IOException {
    failIfAsked();
    if (!stagings.contains(made)) {
      throw new IOException("nothing is at " + made);
    }
    shown = made;
  }

  @Override
  public boolean shows(Path made) {
    return made.equals(shown);
  }

  @Override
  public void hide() {
    shown = null;
  }

  @Override
  public void unstage(Path made) throws IOException {
    if (!stagings.remove(made)) {
      throw new IOException("nothing is at " + made);
    }
    whenUnstaged.run();
  }

  private void failIfAsked() throws IOException {
    IOException failure = nextFailure;
    nextFailure = null;
    if (failure != null) {
      throw failure;
    }
  }
}
