package dev.mooring.fs;

/**
 * How a file is opened, free of any architecture's O_ numbers: the bindings translate those.
 *
 * @param append every write goes to the end of the file, whatever its offset
 * @param truncate O_TRUNC, atomic with the open
 * @param exclusive O_EXCL; means something for {@link FileSystem#create} only
 * @param direct O_DIRECT: the kernel keeps no pages
 * @param sync O_SYNC or O_DSYNC: a write returns when the server has it
 */
public record OpenFlags(
    Access access,
    boolean append,
    boolean truncate,
    boolean exclusive,
    boolean direct,
    boolean sync) {

  /** What an open file may do. */
  public enum Access {
    READ,
    WRITE,
    READ_WRITE;

    /** Whether read(2) is allowed. */
    public boolean reads() {
      return this != WRITE;
    }

    /** Whether write(2) is allowed. */
    public boolean writes() {
      return this != READ;
    }
  }

  /** O_RDONLY. */
  public static final OpenFlags READ = of(Access.READ);

  /** O_WRONLY. */
  public static final OpenFlags WRITE = of(Access.WRITE);

  /** O_RDWR. */
  public static final OpenFlags READ_WRITE = of(Access.READ_WRITE);

  private static OpenFlags of(Access access) {
    return new OpenFlags(access, false, false, false, false, false);
  }

  /** These flags and O_APPEND. */
  public OpenFlags appending() {
    return new OpenFlags(access, true, truncate, exclusive, direct, sync);
  }

  /** These flags and O_TRUNC. */
  public OpenFlags truncating() {
    return new OpenFlags(access, append, true, exclusive, direct, sync);
  }

  /** These flags and O_EXCL. */
  public OpenFlags excluding() {
    return new OpenFlags(access, append, truncate, true, direct, sync);
  }
}
