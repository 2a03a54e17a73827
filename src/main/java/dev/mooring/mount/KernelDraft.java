package dev.mooring.mount;

import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseOptions.Tuning;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the kernel will mount. Not thread-safe. */
public final class KernelDraft {
  private static final FuseOptions DEFAULT = FuseOptions.of("");

  private @Nullable String source;
  private boolean readOnly = DEFAULT.readOnly();
  private boolean noExec = DEFAULT.noExec();
  private boolean noAccessTime = DEFAULT.noAccessTime();
  private boolean allowOther = DEFAULT.allowOther();
  private boolean defaultPermissions = DEFAULT.defaultPermissions();
  private boolean directIo = DEFAULT.directIo();
  private @Nullable Integer readAhead;
  private int background = DEFAULT.tuning().background();
  private int congestion = DEFAULT.tuning().congestion();
  private boolean keepPages;
  private Duration requestTimeout = DEFAULT.requestTimeout();

  /** What df shows as the device. */
  public void source(String name) {
    source = name;
  }

  /** Nothing can be changed. */
  public void readOnly(boolean on) {
    readOnly = on;
  }

  /** Nothing can be run. */
  public void noExec(boolean on) {
    noExec = on;
  }

  /** Reading changes no access time. */
  public void noAccessTime(boolean on) {
    noAccessTime = on;
  }

  /** Other users may use it. */
  public void allowOther(boolean on) {
    allowOther = on;
  }

  /** The kernel checks permissions itself. */
  public void defaultPermissions(boolean on) {
    defaultPermissions = on;
  }

  /** No page cache. */
  public void directIo(boolean on) {
    directIo = on;
  }

  /** How far the kernel reads ahead. */
  public void readAhead(int bytes) {
    readAhead = bytes;
  }

  /** How many reads ahead and the like may be under way. */
  public void background(int requests) {
    background = requests;
  }

  /** From how many on the kernel holds back. */
  public void congestion(int requests) {
    congestion = requests;
  }

  /** Whether pages are kept at an open whatever happened to the file. */
  public void keepPages(boolean keep) {
    keepPages = keep;
  }

  /** How long one system call may wait. */
  public void requestTimeout(Duration time) {
    requestTimeout = time;
  }

  FuseOptions options(String defaultSource) {
    return new FuseOptions(
        source == null ? defaultSource : source,
        readOnly,
        noExec,
        noAccessTime,
        allowOther,
        defaultPermissions,
        directIo,
        new Tuning(readAhead, background, congestion, keepPages),
        requestTimeout);
  }
}
