package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Directory;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.OpenFile;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts something before every call of a file system that has a caller, its open files and
 * directories included: a delay, an error, a wait without end, or {@link #insistOnWaiting}.
 */
public final class Interposed implements InvocationHandler {

  /** What comes before a call; what it throws, the call throws. */
  @FunctionalInterface
  public interface Before {
    /**
     * Called with the method's name.
     *
     * @throws ErrnoException instead of the call
     */
    void call(String verb, Caller caller) throws ErrnoException;
  }

  private final Object real;
  private final Before before;

  private Interposed(Object real, Before before) {
    this.real = real;
    this.before = before;
  }

  /** The file system with that before each of its calls. */
  public static FileSystem before(FileSystem real, Before before) {
    return (FileSystem) proxy(FileSystem.class, real, before);
  }

  /**
   * Like a server that is never asked in vain: no call is answered on a thread that may not wait.
   */
  public static FileSystem insistOnWaiting(FileSystem real) {
    return before(real, (_, caller) -> caller.beforeWaiting());
  }

  private static Object proxy(Class<?> type, Object real, Before before) {
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Interposed(real, before));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] passed = new Object[arguments == null ? 0 : arguments.length];
    for (int i = 0; i < passed.length; i++) {
      Object argument = Objects.requireNonNull(arguments)[i];
      if (argument instanceof Caller caller) {
        before.call(method.getName(), caller);
      }
      passed[i] = unwrapped(argument);
    }
    try {
      return wrapped(method.invoke(real, passed));
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private static Object unwrapped(Object argument) {
    if (argument != null
        && Proxy.isProxyClass(argument.getClass())
        && Proxy.getInvocationHandler(argument) instanceof Interposed other) {
      return other.real;
    }
    return argument;
  }

  private @Nullable Object wrapped(@Nullable Object result) {
    return switch (result) {
      case OpenFile file -> proxy(OpenFile.class, file, before);
      case Directory directory -> proxy(Directory.class, directory, before);
      case Created created ->
          new Created(created.entry(), (OpenFile) proxy(OpenFile.class, created.file(), before));
      case null, default -> result;
    };
  }
}
