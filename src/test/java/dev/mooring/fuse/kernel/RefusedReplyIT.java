package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.kernel.protocol.Opcode;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replies to requests that a real kernel never made: it refuses them with ENOENT, as it does when a
 * request was given up, and then holds nothing of what they carried.
 */
class RefusedReplyIT {
  private static final long ROOT = 1;

  @TempDir Path directory;

  private static ByteBuffer creation() {
    ByteBuffer body = ScriptedKernel.buffer(24);
    body.putInt(2).putInt(0644).putInt(022).putInt(0);
    return body.put("name\0".getBytes(StandardCharsets.UTF_8)).flip();
  }

  private void assertNothingIsHeld(UnaryOperator<FileSystem> served) throws Exception {
    FuseDevice device = FuseDevice.mount(directory, FuseOptions.of("model"), 1 << 20);
    try (SystemPace pace = new SystemPace()) {
      ReferenceFileSystem model = new ReferenceFileSystem(pace);
      ScriptedKernel kernel = new ScriptedKernel(served.apply(model), pace, device, _ -> true);
      kernel.ask(Opcode.CREATE, ROOT, creation());
      kernel.awaitAnswers();
      kernel.ask(Opcode.LOOKUP, ROOT, "name");
      kernel.ask(Opcode.OPENDIR, ROOT, 0);
      kernel.awaitAnswers();

      assertThat(kernel.operations().held()).isZero();
      model.assertNothingLeft();
      assertThat(kernel.end()).isTrue();
    } finally {
      MountSyscalls.detach(directory);
    }
  }

  @Test
  void whatIsRefusedAtOnceIsForgotten() throws Exception {
    assertNothingIsHeld(model -> model);
  }

  @Test
  void whatIsRefusedLaterIsForgotten() throws Exception {
    assertNothingIsHeld(Interposed::insistOnWaiting);
  }
}
