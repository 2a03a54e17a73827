package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.testing.SemanticsRow;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files of many requests, and files with holes. */
interface LargeFilesContract extends Subject {

  /** Bytes of which each depends on its offset, so that none can stand in for another. */
  static byte[] pattern(long offset, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      long at = offset + i;
      bytes[i] = (byte) (at ^ at >>> 8 ^ at >>> 16 ^ at >>> 24);
    }
    return bytes;
  }

  @Test
  default void aFileOfManyRequestsIsReadAsWritten() throws Exception {
    int bytes = 5 * 1024 * 1024 + 12345;
    int file = openBoth("file");
    assertThat(posix().pwrite(file, pattern(0, bytes), 0)).isEqualTo(bytes);
    assertThat(posix().pread(file, bytes + 1, 0)).isEqualTo(pattern(0, bytes));
    posix().close(file);
    int again = posix().open("file", 0, READ);
    assertThat(posix().fstat(again).size()).isEqualTo(bytes);
    assertThat(posix().pread(again, bytes + 1, 0)).isEqualTo(pattern(0, bytes));
    posix().close(again);
  }

  @Test
  default void blocksWrittenInAnyOrderFindTheirPlaces() throws Exception {
    int block = 70_001;
    int blocks = 31;
    int file = openBoth("file");
    for (int i = 0; i < blocks; i++) {
      long offset = (long) (i * 7 % blocks) * block;
      posix().pwrite(file, pattern(offset, block), offset);
    }
    for (int i = blocks - 1; i >= 0; i--) {
      long offset = (long) i * block;
      assertThat(posix().pread(file, block, offset)).isEqualTo(pattern(offset, block));
    }
    posix().close(file);
    assertThat(posix().stat("file").size()).isEqualTo((long) block * blocks);
  }

  @Test
  default void readingGoesForthAndBack() throws Exception {
    int bytes = 3 * 1024 * 1024;
    int file = openBoth("file");
    posix().pwrite(file, pattern(0, bytes), 0);
    posix().close(file);
    int reader = posix().open("file", 0, READ);
    long[] offsets = {
      0, 4096, 8192, 2_000_000, 2_004_096, 12_288, 3_000_000, 1, 131_071, 1_999_999
    };
    for (long offset : offsets) {
      assertThat(posix().pread(reader, 9000, offset)).isEqualTo(pattern(offset, 9000));
    }
    posix().close(reader);
  }

  @Test
  default void manySmallWritesAddUp() throws Exception {
    int file = openBoth("file");
    for (int offset = 0; offset < 300_000; offset += 1009) {
      posix().pwrite(file, pattern(offset, 1009), offset);
    }
    int size = (int) posix().fstat(file).size();
    assertThat(posix().pread(file, size, 0)).isEqualTo(pattern(0, size));
    posix().close(file);
  }

  @Test
  @SemanticsRow("read.holes")
  default void holesReadAsZeros() throws Exception {
    int file = openBoth("file");
    pwrite(file, "far", 3_000_000);
    pwrite(file, "near", 10);
    assertThat(posix().fstat(file).size()).isEqualTo(3_000_003);
    byte[] all = posix().pread(file, 3_000_003, 0);
    posix().close(file);
    assertThat(Arrays.copyOfRange(all, 10, 14)).asString().isEqualTo("near");
    assertThat(Arrays.copyOfRange(all, 3_000_000, 3_000_003)).asString().isEqualTo("far");
    assertThat(Arrays.copyOfRange(all, 14, 3_000_000)).containsOnly(0);
  }

  @Test
  @SemanticsRow("read.large")
  default void offsetsBeyondFourGigabytesAreKept() throws Exception {
    long far = (1L << 32) + 7;
    int file = openBoth("file");
    pwrite(file, "beyond", far);
    assertThat(posix().fstat(file).size()).isEqualTo(far + 6);
    assertThat(posix().pread(file, 100, far)).asString().isEqualTo("beyond");
    assertThat(posix().pread(file, 10, 7)).containsOnly(0);
    posix().ftruncate(file, far + 1);
    assertThat(posix().pread(file, 100, far)).asString().isEqualTo("b");
    posix().close(file);
  }

  @Test
  @SemanticsRow("write.truncate")
  default void whatWasCutOffDoesNotComeBack() throws Exception {
    int file = openBoth("file");
    posix().pwrite(file, pattern(0, 500_000), 0);
    posix().ftruncate(file, 100_001);
    posix().ftruncate(file, 500_000);
    byte[] all = posix().pread(file, 500_000, 0);
    posix().close(file);
    assertThat(Arrays.copyOf(all, 100_001)).isEqualTo(pattern(0, 100_001));
    assertThat(Arrays.copyOfRange(all, 100_001, 500_000)).containsOnly(0);
  }
}
