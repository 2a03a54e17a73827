package dev.mooring.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves anything behind that it did not find: a thread of ours, a child
 * process, a mount or an open file below a temporary directory, an open FUSE device; and one during
 * which a thread died of an exception that nobody caught. What is still going away has ten seconds
 * for it. Registered for all tests by {@code META-INF/services}.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);
  private static final Queue<String> UNCAUGHT = new ConcurrentLinkedQueue<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    Thread.setDefaultUncaughtExceptionHandler(LeakCheck::remember);
    context.getStore(NAMESPACE).put(context.getUniqueId(), new HashSet<>(Leavings.present()));
  }

  private static void remember(Thread thread, Throwable thrown) {
    StringBuilder text = new StringBuilder("uncaught in " + thread.getName() + ": " + thrown);
    for (StackTraceElement frame : thrown.getStackTrace()) {
      text.append("\n    at ").append(frame);
    }
    UNCAUGHT.add(text.toString());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Set<?> before = context.getStore(NAMESPACE).get(context.getUniqueId(), Set.class);
    List<String> problems = new ArrayList<>(left(before));
    for (String uncaught = UNCAUGHT.poll(); uncaught != null; uncaught = UNCAUGHT.poll()) {
      problems.add(uncaught);
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", problems));
    }
  }

  private static List<String> left(Set<?> before) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .atMost(PATIENCE)
          .until(() -> added(before).isEmpty());
      return List.of();
    } catch (ConditionTimeoutException e) {
      return added(before);
    }
  }

  private static List<String> added(Set<?> before) {
    return Leavings.present().stream().filter(leaving -> !before.contains(leaving)).toList();
  }
}
