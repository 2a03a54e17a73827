package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.SystemPace;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.TestCaller;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeTableTest {
  private static final int ROUNDS = 20_000;

  private final SystemPace pace = new SystemPace();
  private final ReferenceFileSystem model = new ReferenceFileSystem(pace);
  private final NodeTable table = new NodeTable(model);
  private FileName name;

  @BeforeEach
  void make() throws Exception {
    name = FileName.of("name");
    table.refer(model.mkdir(model.root(), name, 0755, TestCaller.root(pace)).node());
  }

  @AfterEach
  void nothingIsLeft() {
    table.forgetAll();
    assertThat(table.size()).isZero();
    model.assertNothingLeft();
    pace.close();
  }

  private Node lookup() throws Exception {
    return ((Entry.Present) model.lookup(model.root(), name, TestCaller.root(pace))).node();
  }

  @Test
  void aNodeKeepsItsIdWhileItIsKnown() throws Exception {
    Node node = lookup();
    long id = table.refer(node);
    assertThat(table.refer(lookup())).isEqualTo(id);
    table.forget(id, 2);
    assertThat(table.get(id)).isSameAs(node);
    assertThat(model.references()).isOne();
  }

  @Test
  void anIdIsNeverUsedTwice() throws Exception {
    Node node = lookup();
    long id = table.refer(node);
    table.forget(id, 2);
    assertThatThrownBy(() -> table.get(id)).hasMessageContaining("ESTALE");
    assertThat(table.idOf(node)).isNull();
    assertThat(table.refer(lookup())).isNotEqualTo(id);
  }

  @Test
  void noMoreIsForgottenThanThereIs() throws Exception {
    long id = table.refer(lookup());
    table.forget(id, Long.MAX_VALUE);
    table.forget(id, 1);
    table.forget(99, 1);
    table.forget(1, 1);
    assertThat(model.references()).isZero();
  }

  @Test
  void countsHoldWhenManyLookUpAndForgetAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int round = 0; round < ROUNDS; round++) {
                    table.forget(table.refer(lookup()), 1);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(model.references()).isOne();
    assertThat(table.size()).isOne();
  }
}
