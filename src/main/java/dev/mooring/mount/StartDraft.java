package dev.mooring.mount;

import dev.mooring.mount.Start.NewDirectory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a mount in the making begins. Not thread-safe. */
public final class StartDraft {
  private static final int USUAL_MODE = 0755;

  private boolean checkDirectory = Start.DEFAULT.checkDirectory();
  private boolean create;
  private int mode = USUAL_MODE;
  private @Nullable Integer uid;
  private @Nullable Integer gid;
  private boolean delayed = Start.DEFAULT.delayed();
  private Duration patience = Start.DEFAULT.patience();
  private boolean probe = Start.DEFAULT.probe();

  /** Whether the directory must be there. */
  public void checkDirectory(boolean check) {
    checkDirectory = check;
  }

  /** Whether the directory is made where it is not there. */
  public void create(boolean make) {
    create = make;
  }

  /** The permission bits of a directory that is made. */
  public void mode(int bits) {
    mode = bits;
  }

  /** The owner of a directory that is made. */
  public void owner(@Nullable Integer user, @Nullable Integer group) {
    uid = user;
    gid = group;
  }

  /** Whether the mount is made before the server is asked anything. */
  public void delayed(boolean delay) {
    delayed = delay;
  }

  /** For how long a server that is not there yet is tried again. */
  public void patience(Duration time) {
    patience = time;
  }

  /** Whether Docker's Create asks the server already. */
  public void probe(boolean ask) {
    probe = ask;
  }

  Start build() {
    return new Start(
        checkDirectory, create ? new NewDirectory(mode, uid, gid) : null, delayed, patience, probe);
  }
}
