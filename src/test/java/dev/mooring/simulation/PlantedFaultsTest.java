package dev.mooring.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Created;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.Payload;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that does something wrong now and then is found out, in a few steps. */
@Timeout(120)
class PlantedFaultsTest {
  private static final int MOST_SEEDS = 50;
  private static final int FEW_STEPS = 8;

  /** What goes wrong. */
  enum Fault {
    /** Every third write is taken and not done. */
    LOST_WRITE("write"),
    /** Every second rename says that it was done. */
    LOST_RENAME("rename"),
    /** Attributes are those that were seen first. */
    STALE_ATTRIBUTES("getattr"),
    /** close(2) does not wait for the server. */
    UNTOLD_FLUSH("flush");

    private final String verb;

    Fault(String verb) {
      this.verb = verb;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFoundAndShrunk(Fault fault) {
    List<Step> shrunk = List.of();
    for (long seed = 1; seed <= MOST_SEEDS && shrunk.isEmpty(); seed++) {
      ModelSimulation simulation =
          ModelSimulation.ofSeed(seed, files -> Planted.in(FileSystem.class, files, fault));
      Shrinker<Step> shrinker = new Shrinker<>(simulation);
      if (shrinker.failure(simulation.steps()) != null) {
        shrunk = shrinker.shrink(simulation.steps());
      }
    }

    assertThat(shrunk).hasSizeBetween(1, FEW_STEPS);
  }

  /** Passes calls on, but for those that the fault takes. */
  private static final class Planted implements InvocationHandler {
    private final Object real;
    private final Fault fault;
    private final Map<Object, Object> first = new HashMap<>();
    private int calls;

    private Planted(Object real, Fault fault) {
      this.real = real;
      this.fault = fault;
    }

    static <T> T in(Class<T> type, T real, Fault fault) {
      Object proxy =
          Proxy.newProxyInstance(
              type.getClassLoader(), new Class<?>[] {type}, new Planted(real, fault));
      return type.cast(proxy);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (!method.getName().equals(fault.verb)) {
        return pass(method, arguments);
      }
      return switch (fault) {
        case LOST_WRITE ->
            ++calls % 3 == 0
                ? ((Payload) Objects.requireNonNull(arguments)[1]).bytes().remaining()
                : pass(method, arguments);
        case LOST_RENAME -> ++calls % 2 == 0 ? null : pass(method, arguments);
        case UNTOLD_FLUSH -> null;
        case STALE_ATTRIBUTES -> {
          Object now = pass(method, arguments);
          Object before = first.putIfAbsent(Objects.requireNonNull(arguments)[0], now);
          yield before == null ? now : before;
        }
      };
    }

    private Object pass(Method method, Object @Nullable [] arguments) throws Throwable {
      Object[] passed = arguments == null ? new Object[0] : arguments.clone();
      for (int i = 0; i < passed.length; i++) {
        if (passed[i] != null
            && Proxy.isProxyClass(passed[i].getClass())
            && Proxy.getInvocationHandler(passed[i]) instanceof Planted other) {
          passed[i] = other.real;
        }
      }
      try {
        return wrapped(method.invoke(real, passed));
      } catch (InvocationTargetException e) {
        throw Objects.requireNonNull(e.getCause());
      }
    }

    private Object wrapped(Object result) {
      return switch (result) {
        case OpenFile file -> in(OpenFile.class, file, fault);
        case Created made -> new Created(made.entry(), in(OpenFile.class, made.file(), fault));
        case null, default -> result;
      };
    }
  }
}
