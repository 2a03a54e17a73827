package dev.mooring.contract;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * All of the contract over one subject. A subclass says how the subject begins and what it lacks.
 */
abstract class FileSystemContract
    implements FilesContract,
        DirectoriesContract,
        RenameContract,
        LinksContract,
        AttributesContract,
        OpenFilesContract,
        LargeFilesContract,
        NamesContract,
        ErrnoContract,
        ConcurrencyContract {
  private final Set<Capability> lacking;
  private @Nullable Posix posix;

  /** A subject that can do everything but this. */
  FileSystemContract(Capability... lacking) {
    this.lacking = Set.of(lacking);
  }

  /**
   * An empty file system for one test; closing it ends it and fails when anything is left.
   *
   * @param directory empty, for this test alone
   */
  abstract Posix begin(Path directory) throws Exception;

  @BeforeEach
  final void beginSubject(@TempDir Path directory) throws Exception {
    posix = begin(directory);
  }

  @AfterEach
  final void endSubject() throws Exception {
    if (posix != null) {
      posix.close();
    }
  }

  @Override
  public final Posix posix() {
    if (posix == null) {
      throw new IllegalStateException("outside of a test");
    }
    return posix;
  }

  @Override
  public final boolean lacks(Capability capability) {
    return lacking.contains(capability);
  }
}
