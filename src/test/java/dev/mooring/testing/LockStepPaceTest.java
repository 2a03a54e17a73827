package dev.mooring.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.ErrnoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LockStepPaceTest {
  private final LockStepPace pace = new LockStepPace(Duration.ofMillis(10));

  private CompletableFuture<String> ask(String question) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    pace.network().execute(() -> answer.complete("answer to " + question));
    return answer;
  }

  @Test
  void whatIsSentBackToBackCostsOneBurst() throws Exception {
    long before = pace.nanoTime();

    int bursts =
        pace.burstsOf(() -> {
          CompletableFuture<String> a = ask("a");
          CompletableFuture<String> b = ask("b");
          assertThat(pace.get(a)).isEqualTo("answer to a");
          assertThat(pace.get(b)).isEqualTo("answer to b");
        });

    assertThat(bursts).isEqualTo(1);
    assertThat(pace.nanoTime() - before).isEqualTo(10_000_000);
  }

  @Test
  void whatIsSentWhileAnswersArriveTravelsWithTheNextBurst() throws Exception {
    assertThat(pace.burstsOf(() -> pace.get(ask("a").thenCompose(a -> ask(a))))).isEqualTo(2);
  }

  @Test
  void tasksThatSendBeforeTheyAllWaitShareABurst() throws Exception {
    List<String> answers = new ArrayList<>();

    int bursts =
        pace.burstsOf(() -> {
          CompletableFuture<Void> all = new CompletableFuture<>();
          for (String question : List.of("a", "b", "c")) {
            pace.execute(() -> {
              try {
                answers.add(pace.get(ask(question)));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              if (answers.size() == 3) {
                all.complete(null);
              }
            });
          }
          pace.get(all);
        });

    assertThat(bursts).isEqualTo(1);
    assertThat(answers).containsExactly("answer to a", "answer to b", "answer to c");
  }

  @Test
  void timersFireInOrderAndCostNoBurst() throws Exception {
    List<String> fired = new ArrayList<>();
    pace.schedule(Duration.ofSeconds(2), () -> fired.add("second"));
    pace.schedule(Duration.ofSeconds(1), () -> fired.add("first"));
    pace.schedule(Duration.ofSeconds(1), () -> fired.add("never")).cancel();

    int bursts = pace.burstsOf(() -> pace.sleep(Duration.ofSeconds(3)));

    assertThat(bursts).isZero();
    assertThat(fired).containsExactly("first", "second");
  }

  @Test
  void deadlineEndsAWait() {
    assertThatThrownBy(() ->
            pace.run(
                () -> pace.await(new CompletableFuture<>(), pace.caller(Duration.ofSeconds(5)))))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("ETIMEDOUT");
  }

  @Test
  void cancellationEndsAWait() {
    Cancellation cancellation = new Cancellation();
    Caller caller = new Caller(0, 0, 1, 0, Long.MAX_VALUE, true, cancellation);
    pace.schedule(Duration.ofSeconds(1), cancellation::cancel);

    assertThatThrownBy(() -> pace.run(() -> pace.await(new CompletableFuture<>(), caller)))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("EINTR");
  }

  @Test
  void waitingForWhatCannotHappenFailsAndSaysWho() {
    assertThatThrownBy(() -> pace.run(() -> pace.get(new CompletableFuture<>())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the test waits for")
        .hasMessageContaining("LockStepPaceTest");
  }

  @Test
  void failureOfABackgroundTaskFailsTheTest() {
    assertThatThrownBy(() ->
            pace.run(() -> {
              pace.execute(() -> {
                throw new IllegalStateException("planted");
              });
              pace.get(ask("anything"));
            }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("planted");
  }

  @Test
  void waitingOnTheThreadOfTheNetworkIsRefused() {
    CompletableFuture<String> answer = ask("a");
    CompletableFuture<Void> waits =
        answer.thenRun(() -> {
          try {
            pace.get(new CompletableFuture<>());
          } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
          }
        });

    assertThatThrownBy(() -> pace.run(() -> pace.get(waits)))
        .hasMessageContaining("thread of the network");
  }
}
