package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Caller;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Pace;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A file system whose server never answers a lookup of names that begin with {@link #NAME}. */
final class SilentFileSystem {
  /** What is never found nor missed. */
  static final String NAME = "silent";

  private static final long LIMIT_SECONDS = 10;

  private final FileSystem answering;
  private final Pace pace;
  private final Semaphore calls = new Semaphore(0);

  SilentFileSystem(FileSystem answering, Pace pace) {
    this.answering = answering;
    this.pace = pace;
  }

  FileSystem fileSystem() {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, this::invoke);
  }

  /** Returns when somebody waits for the server. */
  void awaitCall() throws InterruptedException {
    assertThat(calls.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("lookup")
        && ((FileName) arguments[1]).toString().startsWith(NAME)) {
      Caller caller = (Caller) arguments[2];
      caller.beforeWaiting();
      calls.release();
      pace.await(new CompletableFuture<>(), caller);
    }
    try {
      return method.invoke(answering, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
