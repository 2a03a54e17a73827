package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HandleTableTest {
  private final HandleTable<String> table = new HandleTable<>();

  @Test
  void numberFindsWhatWasAddedUntilItIsRemoved() throws Exception {
    long handle = table.add("file");

    assertThat(table.get(handle)).isEqualTo("file");
    assertThat(table.remove(handle)).isEqualTo("file");
    assertThat(table.remove(handle)).isNull();
    assertThatThrownBy(() -> table.get(handle))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("EBADF");
  }

  @Test
  void numbersAreNeverUsedTwiceEvenAcrossTablesThatShareThem() {
    AtomicLong last = new AtomicLong();
    HandleTable<String> files = new HandleTable<>(last);
    HandleTable<String> directories = new HandleTable<>(last);

    long first = files.add("a");
    files.remove(first);

    assertThat(List.of(first, files.add("b"), directories.add("c"))).doesNotHaveDuplicates();
  }

  @Test
  void removingAllReleasesEachOnce() {
    table.add("a");
    table.add("b");
    List<String> released = new ArrayList<>();

    table.removeAll(released::add);
    table.removeAll(released::add);

    assertThat(released).containsExactlyInAnyOrder("a", "b");
    assertThat(table.size()).isZero();
  }
}
