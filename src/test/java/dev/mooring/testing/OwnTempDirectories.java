package dev.mooring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Names every {@code @TempDir} after this process, so that {@link LeakCheck} knows its mounts from
 * those of other test runs on the machine. Set in {@code junit-platform.properties}.
 */
public final class OwnTempDirectories implements TempDirFactory {
  private static final String PREFIX = "junit-" + ProcessHandle.current().pid() + "-";

  /** What the paths of all temporary directories of this process begin with. */
  static String prefix() {
    return Path.of(System.getProperty("java.io.tmpdir")).resolve(PREFIX).toString();
  }

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return Files.createTempDirectory(PREFIX);
  }
}
