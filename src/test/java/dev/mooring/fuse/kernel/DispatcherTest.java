package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.fuse.kernel.ScriptedKernel.Answer;
import dev.mooring.fuse.kernel.protocol.CapturedRequests;
import dev.mooring.fuse.kernel.protocol.Opcode;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {
  private static final long ROOT = 1;
  private static final Duration A_MOMENT = Duration.ofMillis(1);

  @TempDir Path directory;

  private final LockStepPace pace = new LockStepPace();
  private final ReferenceFileSystem model = new ReferenceFileSystem(pace);
  private ScriptedKernel kernel;
  private boolean doomed;
  private boolean answering = true;

  /** Waits for ever while {@link #answering} is false, and never answers without waiting. */
  @BeforeEach
  void begin() throws IOException {
    kernel =
        new ScriptedKernel(
            Interposed.before(
                model,
                (_, caller) -> {
                  caller.beforeWaiting();
                  if (!answering) {
                    pace.await(new CompletableFuture<>(), caller);
                  }
                }),
            pace,
            ScriptedKernel.fileFor(directory),
            _ -> doomed);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(kernel.waiting()).isZero();
    assertThat(kernel.end()).as("all buffers given back").isTrue();
    model.assertNothingLeft();
  }

  private static ByteBuffer openAndName(int flags, String name) {
    ByteBuffer body = ScriptedKernel.buffer(64);
    body.putInt(flags).putInt(0644).putInt(022).putInt(0);
    return body.put((name + "\0").getBytes(StandardCharsets.UTF_8)).flip();
  }

  private static ByteBuffer write(long handle, byte[] bytes) {
    ByteBuffer body = ScriptedKernel.buffer(40 + bytes.length);
    body.putLong(handle).putLong(0).putInt(bytes.length).putInt(0).putLong(0).putLong(0);
    return body.put(bytes).flip();
  }

  private Answer onlyAnswer(long unique) throws IOException {
    assertThat(kernel.answers(unique)).hasSize(1);
    return kernel.answers(unique).getFirst();
  }

  /** Creates a file and answers its handle. */
  private long create(String name) throws Exception {
    long unique = kernel.ask(Opcode.CREATE, ROOT, openAndName(2, name));
    pace.sleep(A_MOMENT);
    return onlyAnswer(unique).body().getLong(128);
  }

  @Test
  void whatWaitsIsAnsweredOnce() throws Exception {
    pace.run(() -> {
      long unique = kernel.ask(Opcode.LOOKUP, ROOT, "missing");
      assertThat(kernel.waiting()).isOne();
      pace.sleep(A_MOMENT);
      assertThat(onlyAnswer(unique).body().getLong()).isZero();
    });
  }

  @Test
  void largeAndSmallWritesKeepTheirBytesWhileTheyWait() throws Exception {
    pace.run(() -> {
      for (int size : new int[] {5, WritePayload.SMALLEST_MOVED, 1 << 20}) {
        long handle = create("file-" + size);
        byte[] bytes = new byte[size];
        bytes[0] = 1;
        bytes[size - 1] = 2;
        long unique = kernel.ask(Opcode.WRITE, 2, write(handle, bytes));
        // Comes into the same buffer if that was not moved.
        kernel.ask(Opcode.LOOKUP, ROOT, "x".repeat(200));
        pace.sleep(A_MOMENT);
        assertThat(onlyAnswer(unique).body().getInt()).isEqualTo(size);

        long read = kernel.ask(Opcode.READ, 2, handle, 0, size, 0, 0);
        pace.sleep(A_MOMENT);
        byte[] back = new byte[size];
        onlyAnswer(read).body().get(back);
        assertThat(back).isEqualTo(bytes);
      }
    });
  }

  @Test
  void anInterruptOfADoomedProcessAnswersItsRequest() throws Exception {
    pace.run(() -> {
      answering = false;
      doomed = true;
      long unique = kernel.ask(Opcode.LOOKUP, ROOT, "name");
      long interrupt = kernel.ask(Opcode.INTERRUPT, 0, unique);
      pace.sleep(A_MOMENT);
      assertThat(onlyAnswer(unique).error()).isEqualTo(-Errno.EINTR.number());
      assertThat(kernel.answers(interrupt)).isEmpty();
    });
  }

  @Test
  void aSignalThatIsSurvivedInterruptsNothingUntilTheProcessDies() throws Exception {
    pace.run(() -> {
      answering = false;
      long unique = kernel.ask(Opcode.LOOKUP, ROOT, "name");
      kernel.ask(Opcode.INTERRUPT, 0, unique);
      pace.sleep(Duration.ofSeconds(3));
      assertThat(kernel.answers(unique)).isEmpty();
      doomed = true;
      pace.sleep(Duration.ofSeconds(1));
      assertThat(onlyAnswer(unique).error()).isEqualTo(-Errno.EINTR.number());
    });
  }

  @Test
  void anInterruptThatOvertakesItsRequestIsSentAgain() throws Exception {
    pace.run(() -> {
      doomed = true;
      answering = false;
      long interrupt = kernel.ask(Opcode.INTERRUPT, 0, 4);
      assertThat(onlyAnswer(interrupt).error()).isEqualTo(-Errno.EAGAIN.number());
      long unique = kernel.ask(Opcode.LOOKUP, ROOT, "name");
      assertThat(unique).isEqualTo(4);
      kernel.ask(Opcode.INTERRUPT, 0, unique);
      pace.sleep(A_MOMENT);
      assertThat(onlyAnswer(unique).error()).isEqualTo(-Errno.EINTR.number());
    });
  }

  @Test
  void whatWouldWaitBesideTooManyOthersIsAnError() throws Exception {
    answering = false;
    pace.run(() -> {
      for (int i = 0; i < Dispatcher.MOST_WAITING; i++) {
        kernel.ask(Opcode.LOOKUP, ROOT, "missing");
      }
      long oneTooMany = kernel.ask(Opcode.LOOKUP, ROOT, "missing");
      assertThat(onlyAnswer(oneTooMany).error()).isEqualTo(-Errno.EIO.number());
      pace.sleep(Duration.ofSeconds(31));
      answering = true;
      long next = kernel.ask(Opcode.LOOKUP, ROOT, "missing");
      pace.sleep(A_MOMENT);
      assertThat(onlyAnswer(next).error()).isZero();
    });
  }

  @Test
  void anOverdueRequestIsAnswered() throws Exception {
    pace.run(() -> {
      answering = false;
      long unique = kernel.ask(Opcode.GETATTR, ROOT, 0, 0);
      pace.sleep(Duration.ofSeconds(31));
      assertThat(onlyAnswer(unique).error()).isEqualTo(-Errno.ETIMEDOUT.number());
    });
  }

  @Test
  void aCapturedSessionIsAnsweredRequestByRequest() throws Exception {
    pace.run(() -> {
      for (CapturedRequests.Captured each : CapturedRequests.all()) {
        kernel.bring(each.bytes());
        pace.sleep(A_MOMENT);
        long unique = ScriptedKernel.buffer(8).put(each.bytes(), 8, 8).flip().getLong();
        boolean silent = each.described().matches(".* (Batch)?Forget.*");
        assertThat(kernel.answers(unique)).as(each.described()).hasSize(silent ? 0 : 1);
      }
    });
  }

  @Test
  void aMalformedRequestIsAnErrorOfItsOwn() throws Exception {
    pace.run(() -> {
      long unique = kernel.ask(Opcode.SETATTR, ROOT, 1, 2);
      assertThat(onlyAnswer(unique).error()).isEqualTo(-Errno.EIO.number());
      kernel.bring(new byte[3]);
    });
  }
}
