package dev.mooring.contract;

import static dev.mooring.contract.LargeFilesContract.pattern;
import static dev.mooring.contract.Posix.Flag.APPEND;
import static dev.mooring.contract.Posix.Flag.CREATE;
import static dev.mooring.contract.Posix.Flag.READ;
import static dev.mooring.contract.Posix.Flag.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.testing.SemanticsRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several threads at once, on platform threads since they may make system calls. */
interface ConcurrencyContract extends Subject {
  int THREADS = 8;

  /** What one of several threads does. */
  @FunctionalInterface
  interface Part {
    void run(int thread) throws Exception;
  }

  /** Runs it on all threads at once and fails with the first failure. */
  private static void together(Part part) throws Exception {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().name("contract-", 0).factory())) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        parts.add(
            threads.submit(() -> {
              part.run(thread);
              return null;
            }));
      }
      for (Future<?> future : parts) {
        future.get();
      }
    }
  }

  @Test
  default void writersOfOneFileKeepOutOfEachOthersWay() throws Exception {
    int block = 10_007;
    int rounds = 20;
    int file = openBoth("file");
    together(thread -> {
      for (int round = 0; round < rounds; round++) {
        long offset = (long) (round * THREADS + thread) * block;
        posix().pwrite(file, pattern(offset, block), offset);
        assertThat(posix().pread(file, block, offset)).isEqualTo(pattern(offset, block));
      }
    });
    posix().close(file);
    int size = block * rounds * THREADS;
    int reader = posix().open("file", 0, READ);
    assertThat(posix().pread(reader, size + 1, 0)).isEqualTo(pattern(0, size));
    posix().close(reader);
  }

  @Test
  default void readersOfOneFileAllSeeTheSame() throws Exception {
    int size = 2_000_003;
    int file = openBoth("file");
    posix().pwrite(file, pattern(0, size), 0);
    posix().close(file);
    together(thread -> {
      int reader = posix().open("file", 0, READ);
      for (int offset = thread * 1000; offset < size; offset += 131_071) {
        int count = Math.min(100_000, size - offset);
        assertThat(posix().pread(reader, count, offset)).isEqualTo(pattern(offset, count));
      }
      posix().close(reader);
    });
  }

  @Test
  @SemanticsRow("write.append")
  default void whatManyAppendIsAllThere() throws Exception {
    together(thread -> {
      int log = posix().open("log", 0644, WRITE, CREATE, APPEND);
      for (int i = 0; i < 50; i++) {
        pwrite(log, thread + ":" + i + "\n", 0);
      }
      posix().close(log);
    });
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < THREADS * 50; i++) {
      expected.add(i / 50 + ":" + i % 50);
    }
    assertThat(content("log").lines()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  default void eachThreadHasItsOwnTree() throws Exception {
    together(thread -> {
      String root = "tree-" + thread;
      posix().mkdir(root, 0755);
      for (int i = 0; i < 15; i++) {
        write(root + "/new", "content " + i);
        rename(root + "/new", root + "/file-" + i);
        assertThat(content(root + "/file-" + i)).isEqualTo("content " + i);
      }
      assertThat(posix().readdir(root)).hasSize(15);
      for (int i = 0; i < 15; i++) {
        posix().unlink(root + "/file-" + i);
      }
      posix().rmdir(root);
    });
    assertThat(posix().readdir("")).isEmpty();
  }

  @Test
  @SemanticsRow("open.exclusive")
  default void onlyOneMakesAName() throws Exception {
    List<Integer> made = Collections.synchronizedList(new ArrayList<>());
    together(thread -> {
      try {
        posix().mkdir("directory", 0755);
        made.add(thread);
      } catch (ErrnoException e) {
        assertThat(e.errno()).isEqualTo(Errno.EEXIST);
      }
    });
    assertThat(made).hasSize(1);
  }

  @Test
  default void aReaderSeesOldOrNewWhileAFileIsReplaced() throws Exception {
    write("file", "0".repeat(1000));
    together(thread -> {
      for (int i = 0; i < 30; i++) {
        if (thread == 0) {
          write("next", String.valueOf(i % 10).repeat(1000));
          rename("next", "file");
        } else {
          assertThat(contentWhileReplaced()).matches("(.)\\1{999}");
        }
      }
    });
  }

  private String contentWhileReplaced() throws ErrnoException {
    while (true) {
      try {
        return content("file");
      } catch (ErrnoException e) {
        assertThat(lacks(Capability.OPEN_DURING_REPLACE)).as(e.toString()).isTrue();
        assertThat(e.errno()).isIn(Errno.ENOENT, Errno.ESTALE);
      }
    }
  }
}
