package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.kernel.protocol.CapturedRequests;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that no kernel sends: captured ones with bytes changed, cut, stretched and in any order.
 * Whatever comes, each is answered exactly once, and nothing is left in the end. The properties
 * {@code fuzz.seed} and {@code fuzz.rounds} repeat a run and make it longer.
 */
class RequestFuzzTest {
  private static final int[] SOMEHOW_ALIKE = {0, 1, 2, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff};

  /** FORGET, INTERRUPT and BATCH_FORGET. */
  private static final List<Integer> SILENT = List.of(2, 36, 42);

  @TempDir Path directory;

  private final Random random = new Random(Long.getLong("fuzz.seed", 1));

  @Test
  void everyRequestIsAnsweredOnceAndNothingIsLeft() throws Exception {
    List<CapturedRequests.Captured> captured = CapturedRequests.all();
    try (SystemPace pace = new SystemPace()) {
      ReferenceFileSystem model = new ReferenceFileSystem(pace);
      ScriptedKernel kernel =
          new ScriptedKernel(bounded(model), pace, ScriptedKernel.fileFor(directory), _ -> true);
      Map<Long, Boolean> asked = new HashMap<>();
      for (int round = 0; round < Integer.getInteger("fuzz.rounds", 5000); round++) {
        byte[] request = mutated(captured.get(random.nextInt(captured.size())).bytes());
        long unique = 1000L + round;
        if (request.length >= 16) {
          ByteBuffer bytes = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
          bytes.putLong(8, unique);
          asked.put(unique, SILENT.contains(bytes.getInt(4)));
        }
        kernel.bring(request);
      }

      Map<Long, Integer> counted = new HashMap<>();
      kernel.answers().forEach(answer -> counted.merge(answer.unique(), 1, Integer::sum));
      asked.forEach((unique, silent) -> {
        int answers = counted.getOrDefault(unique, 0);
        assertThat(answers).isBetween(silent ? 0 : 1, 1);
      });
      assertThat(kernel.end()).as("all buffers given back").isTrue();
      model.assertNothingLeft();
    }
  }

  /** Sizes that the model would take for ever to fill are refused. */
  private static FileSystem bounded(FileSystem model) {
    return Interposed.before(
        model,
        (verb, _) -> {
          if (verb.equals("copyFileRange")) {
            throw new ErrnoException(Errno.EOPNOTSUPP, verb);
          }
        });
  }

  private byte[] mutated(byte[] original) {
    byte[] request = original.clone();
    if (random.nextInt(8) == 0) {
      request = Arrays.copyOf(request, random.nextInt(request.length + 64));
    }
    for (int changes = random.nextInt(4); changes > 0 && request.length > 0; changes--) {
      int at = random.nextInt(request.length);
      request[at] =
          (byte)
              (random.nextBoolean()
                  ? random.nextInt(256)
                  : SOMEHOW_ALIKE[random.nextInt(SOMEHOW_ALIKE.length)]);
    }
    if (request.length >= 4 && random.nextInt(10) > 0) {
      ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).putInt(0, request.length);
    }
    return request;
  }
}
