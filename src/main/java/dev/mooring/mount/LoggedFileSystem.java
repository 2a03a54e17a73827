package dev.mooring.mount;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.ChangeListener;
import dev.mooring.fs.Created;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.EntrySink;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Pace;
import dev.mooring.fs.Payload;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import dev.mooring.fs.WouldWait;
import dev.mooring.ssh.ServerText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another file system, each call of which is a line in the log with its outcome and time: what the
 * option {@code debug} is for. Thread-safe. Contents are never logged.
 */
final class LoggedFileSystem implements FileSystem {
  private static final Logger log = LoggerFactory.getLogger(LoggedFileSystem.class);
  private static final int MICROSECOND = 1000;

  private final FileSystem served;
  private final String target;
  private final Pace pace;

  /** One call. */
  @FunctionalInterface
  private interface Call<T> {
    T carryOut() throws ErrnoException;
  }

  /** One call without an answer. */
  @FunctionalInterface
  private interface Command {
    void carryOut() throws ErrnoException;
  }

  LoggedFileSystem(FileSystem served, String target, Pace pace) {
    this.served = served;
    this.target = target;
    this.pace = pace;
  }

  private <T> T logged(String what, Call<T> call) throws ErrnoException {
    long began = pace.nanoTime();
    try {
      T answer = call.carryOut();
      say(what, "ok", began);
      return answer;
    } catch (WouldWait e) {
      throw e; // It has had no effect and comes again.
    } catch (ErrnoException e) {
      say(what, e.errno() + ", " + e.getMessage(), began);
      throw e;
    }
  }

  private void run(String what, Command command) throws ErrnoException {
    var _ =
        logged(
            what,
            () -> {
              command.carryOut();
              return true;
            });
  }

  private void say(String what, String outcome, long began) {
    long micros = (pace.nanoTime() - began) / MICROSECOND;
    log.info("{} {}: {} after {} us", target, ServerText.escape(what), outcome, micros);
  }

  private static @Nullable OpenFile served(@Nullable OpenFile file) {
    return file instanceof LoggedFile logged ? logged.file : file;
  }

  @Override
  public Node root() {
    return served.root();
  }

  @Override
  public Entry lookup(Node dir, FileName name, Caller caller) throws ErrnoException {
    return logged("lookup " + dir + " " + name, () -> served.lookup(dir, name, caller));
  }

  @Override
  public void forget(Node node, long references) {
    served.forget(node, references);
  }

  @Override
  public Fresh<Attributes> getattr(Node node, @Nullable OpenFile file, Caller caller)
      throws ErrnoException {
    return logged("getattr " + node, () -> served.getattr(node, served(file), caller));
  }

  @Override
  public Fresh<Attributes> setattr(
      Node node, @Nullable OpenFile file, AttributeChange change, Caller caller)
      throws ErrnoException {
    return logged(
        "setattr " + node + " " + change, () -> served.setattr(node, served(file), change, caller));
  }

  @Override
  public Entry.Present mkdir(Node dir, FileName name, int permissions, Caller caller)
      throws ErrnoException {
    return logged("mkdir " + dir + " " + name, () -> served.mkdir(dir, name, permissions, caller));
  }

  @Override
  public Entry.Present mknod(Node dir, FileName name, FileType type, int permissions, Caller caller)
      throws ErrnoException {
    return logged(
        "mknod " + dir + " " + name + " " + type,
        () -> served.mknod(dir, name, type, permissions, caller));
  }

  @Override
  public Entry.Present symlink(Node dir, FileName name, TargetBytes link, Caller caller)
      throws ErrnoException {
    return logged("symlink " + dir + " " + name, () -> served.symlink(dir, name, link, caller));
  }

  @Override
  public Entry.Present link(Node node, Node newDir, FileName newName, Caller caller)
      throws ErrnoException {
    return logged(
        "link " + node + " as " + newDir + " " + newName,
        () -> served.link(node, newDir, newName, caller));
  }

  @Override
  public Created create(Node dir, FileName name, OpenFlags flags, int permissions, Caller caller)
      throws ErrnoException {
    Created created =
        logged(
            "create " + dir + " " + name,
            () -> served.create(dir, name, flags, permissions, caller));
    return new Created(created.entry(), new LoggedFile(created.file()));
  }

  @Override
  public void unlink(Node dir, FileName name, Caller caller) throws ErrnoException {
    run("unlink " + dir + " " + name, () -> served.unlink(dir, name, caller));
  }

  @Override
  public void rmdir(Node dir, FileName name, Caller caller) throws ErrnoException {
    run("rmdir " + dir + " " + name, () -> served.rmdir(dir, name, caller));
  }

  @Override
  public void rename(
      Node dir, FileName name, Node newDir, FileName newName, RenameFlags flags, Caller caller)
      throws ErrnoException {
    run(
        "rename " + dir + " " + name + " to " + newDir + " " + newName,
        () -> served.rename(dir, name, newDir, newName, flags, caller));
  }

  @Override
  public TargetBytes readlink(Node node, Caller caller) throws ErrnoException {
    return logged("readlink " + node, () -> served.readlink(node, caller));
  }

  @Override
  public OpenFile open(Node node, OpenFlags flags, Caller caller) throws ErrnoException {
    return new LoggedFile(logged("open " + node, () -> served.open(node, flags, caller)));
  }

  @Override
  public Directory opendir(Node node, Caller caller) throws ErrnoException {
    Directory opened = logged("opendir " + node, () -> served.opendir(node, caller));
    return new Directory() {
      @Override
      public void read(long cookie, boolean plus, EntrySink sink, Caller reader)
          throws ErrnoException {
        run("readdir " + node + " from " + cookie, () -> opened.read(cookie, plus, sink, reader));
      }

      @Override
      public void release() {
        opened.release();
      }
    };
  }

  @Override
  public Fresh<Statistics> statfs(Caller caller) throws ErrnoException {
    return logged("statfs", () -> served.statfs(caller));
  }

  @Override
  public long copyFileRange(
      OpenFile from, long fromOffset, OpenFile to, long toOffset, long length, Caller caller)
      throws ErrnoException {
    OpenFile source = from instanceof LoggedFile logged ? logged.file : from;
    OpenFile destination = to instanceof LoggedFile logged ? logged.file : to;
    return logged(
        "copy_file_range " + from.node() + " to " + to.node() + " of " + length,
        () -> served.copyFileRange(source, fromOffset, destination, toOffset, length, caller));
  }

  @Override
  public void sync(Caller caller) throws ErrnoException {
    run("sync", () -> served.sync(caller));
  }

  @Override
  public void onChange(ChangeListener listener) {
    served.onChange(listener);
  }

  @Override
  public void close() {
    served.close();
  }

  /** An open file of the other. */
  private final class LoggedFile implements OpenFile {
    private final OpenFile file;

    LoggedFile(OpenFile file) {
      this.file = file;
    }

    @Override
    public Node node() {
      return file.node();
    }

    @Override
    public boolean keepCache() {
      return file.keepCache();
    }

    @Override
    public Lease read(long offset, int length, Caller caller) throws ErrnoException {
      return logged(
          "read " + node() + " " + length + " at " + offset,
          () -> file.read(offset, length, caller));
    }

    @Override
    public int write(long offset, Payload bytes, Caller caller) throws ErrnoException {
      return logged("write " + node() + " at " + offset, () -> file.write(offset, bytes, caller));
    }

    @Override
    public void allocate(long offset, long length, Caller caller) throws ErrnoException {
      run("fallocate " + node(), () -> file.allocate(offset, length, caller));
    }

    @Override
    public void flush(Caller caller) throws ErrnoException {
      run("flush " + node(), () -> file.flush(caller));
    }

    @Override
    public void fsync(boolean dataOnly, Caller caller) throws ErrnoException {
      run("fsync " + node(), () -> file.fsync(dataOnly, caller));
    }

    @Override
    public void release() {
      log.info("{} release {}", target, ServerText.escape(String.valueOf(node())));
      file.release();
    }
  }
}
