package dev.mooring.fs;

/**
 * Hears what the kernel may still hold and should forget. Called without locks, on any thread; must
 * not call back into the file system and must not wait.
 */
public interface ChangeListener {
  /** The content or attributes of a node changed behind the kernel's back. */
  void contentChanged(Node node);

  /** What {@code dir} has under {@code name} changed behind the kernel's back. */
  void entryChanged(Node dir, FileName name);
}
