package dev.mooring.fuse.jnr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.testing.Command;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.TestCaller;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JnrNamesIT {
  @TempDir Path mountPoint;
  private final SystemPace pace = new SystemPace();
  private final ReferenceFileSystem fileSystem = new ReferenceFileSystem(pace);
  private FuseSession session;

  @BeforeEach
  void mount() throws IOException {
    session = new JnrFuseBinding(pace).mount(fileSystem, mountPoint, FuseOptions.of("source"));
  }

  @AfterEach
  void unmount() {
    session.close();
    fileSystem.assertNothingLeft();
    pace.close();
  }

  private String python(String program) throws IOException {
    return Command.run("python3", "-c", "import os\nos.chdir('" + mountPoint + "')\n" + program)
        .strip();
  }

  private String errnoOf(String call) throws IOException {
    return python("try: print(" + call + ")\nexcept OSError as e: print(e.errno)");
  }

  @Test
  void namesThatAreNotUtf8AreRefused() throws IOException {
    assertThat(errnoOf("open(b'\\xff', 'w')")).isEqualTo("84");
    assertThat(errnoOf("os.mkdir(b'a\\xe4')")).isEqualTo("84");
    assertThat(errnoOf("os.stat(b'\\xc3')")).isEqualTo("84");
    assertThat(errnoOf("os.symlink(b'\\xff', b'link')")).isEqualTo("84");
    assertThat(python("print(os.listdir('.'))")).isEqualTo("[]");
  }

  @Test
  void namesThatAreNotUtf8AreListedAsTheyAre() throws IOException, ErrnoException {
    Caller root = TestCaller.root(pace);
    var made = fileSystem.mkdir(fileSystem.root(), FileName.of(new byte[] {-1, 'x'}), 0755, root);
    fileSystem.forget(made.node(), 1);
    assertThat(python("print(os.listdir(b'.'))")).isEqualTo("[b'\\xffx']");
    assertThat(errnoOf("os.stat(b'\\xffx')")).isEqualTo("84");
  }

  @Test
  void namesOfAnyUtf8Work() throws IOException {
    assertThat(
            python(
                """
                names = ['ä' * 127, '漢字', '🦆', 'a b\\n', '.fuse_hidden0000000100000001']
                for name in names: open(name, 'w').write(name)
                print(sorted(names) == sorted(os.listdir('.')))
                print(all(open(name).read() == name for name in names))
                """))
        .isEqualTo("True\nTrue");
  }

  @Test
  void aFileMayBeRenamedToANameThatLibfuseUsesItself() throws IOException {
    assertThat(
            python(
                """
                f = open('file', 'w'); f.write('content'); f.flush()
                os.rename('file', '.fuse_hidden0000000100000001')
                print(os.listdir('.'), open('.fuse_hidden0000000100000001').read())
                """))
        .isEqualTo("['.fuse_hidden0000000100000001'] content");
  }
}
