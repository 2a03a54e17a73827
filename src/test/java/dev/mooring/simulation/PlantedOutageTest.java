package dev.mooring.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Defects that are put between the file system and its session are found. */
@Timeout(120)
class PlantedOutageTest {
  private static final int SEEDS = 60;

  /** What is wrong with the client. */
  enum Defect {
    /** One WRITE in some never goes out and is acknowledged. */
    SWALLOWED_WRITE,
    /** A WRITE is acknowledged before the server has it. */
    EARLY_ACKNOWLEDGEMENT,
    /** One WRITE in some is carried out twice, at another place. */
    WRITE_ASTRAY,
    /** One READ in some brings a byte that nobody wrote. */
    WRONG_BYTE,
    /** Handles stay open. */
    LEAKED_HANDLE,
    /** A REMOVE whose reply was lost counts as done. */
    ASSUMED_REMOVE,
    /** A rename whose reply was lost counts as done. */
    ASSUMED_RENAME,
    /** An answer never comes. */
    SILENCE
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void isFound(Defect defect) throws Exception {
    assertThat(findsWithin(defect)).as("%s within %d seeds", defect, SEEDS).isTrue();
  }

  private static boolean findsWithin(Defect defect) throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      AtomicInteger calls = new AtomicInteger();
      OutageSimulation simulation =
          OutageSimulation.ofSeed(seed, client -> defective(client, defect, calls));
      try {
        simulation.run(simulation.steps());
      } catch (AssertionError found) {
        return true;
      }
    }
    return false;
  }

  private static SftpClient defective(SftpClient real, Defect defect, AtomicInteger calls) {
    return (SftpClient)
        Proxy.newProxyInstance(
            SftpClient.class.getClassLoader(),
            new Class<?>[] {SftpClient.class},
            (_, method, arguments) -> call(real, defect, calls, method, arguments));
  }

  private static @Nullable Object call(
      SftpClient real,
      Defect defect,
      AtomicInteger calls,
      Method method,
      Object @Nullable [] arguments)
      throws Throwable {
    String verb = method.getName();
    boolean due = isDue(defect, verb) && calls.incrementAndGet() % 5 == 0;
    if (due) {
      switch (defect) {
        case SWALLOWED_WRITE, LEAKED_HANDLE -> {
          return CompletableFuture.completedFuture(null);
        }
        case SILENCE -> {
          return new CompletableFuture<>();
        }
        case WRITE_ASTRAY -> writeAstray(real, Objects.requireNonNull(arguments));
        default -> {}
      }
    }
    Object result;
    try {
      result = method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    if (!isDue(defect, verb)) {
      return result;
    }
    return switch (defect) {
      case EARLY_ACKNOWLEDGEMENT -> CompletableFuture.completedFuture(null);
      case ASSUMED_REMOVE, ASSUMED_RENAME ->
          ((CompletableFuture<?>) Objects.requireNonNull(result))
              .handle(
                  (value, failed) -> failed != null && SftpClient.isLost(failed) ? null : value);
      case WRONG_BYTE -> due ? spoiled(result, Objects.requireNonNull(arguments)) : result;
      case SWALLOWED_WRITE, WRITE_ASTRAY, LEAKED_HANDLE, SILENCE -> result;
    };
  }

  private static boolean isDue(Defect defect, String verb) {
    return switch (defect) {
      case SWALLOWED_WRITE, EARLY_ACKNOWLEDGEMENT, WRITE_ASTRAY -> verb.equals("write");
      case WRONG_BYTE -> verb.equals("read");
      case LEAKED_HANDLE -> verb.equals("close");
      case ASSUMED_REMOVE -> verb.equals("remove");
      case ASSUMED_RENAME -> verb.equals("posixRename");
      case SILENCE -> verb.equals("lstat");
    };
  }

  @SuppressWarnings("unchecked")
  private static void writeAstray(SftpClient real, Object[] arguments) {
    var copied =
        ((List<ByteBuffer>) arguments[2])
            .stream()
                .map(part -> ByteBuffer.allocate(part.remaining()).put(part.duplicate()).flip())
                .toList();
    var _ = real.write((RemoteHandle) arguments[0], (long) arguments[1] + 7, copied);
  }

  @SuppressWarnings("unchecked")
  private static Object spoiled(@Nullable Object result, Object[] arguments) {
    ByteBuffer destination = (ByteBuffer) arguments[2];
    return ((CompletableFuture<Integer>) Objects.requireNonNull(result))
        .thenApply(count -> {
          if (count > 0) {
            int at = destination.position();
            destination.put(at, (byte) (destination.get(at) ^ 1));
          }
          return count;
        });
  }
}
