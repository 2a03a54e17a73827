package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.FileType;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;

/** Permissions, owners and times. */
interface AttributesContract extends Subject {

  @Test
  @SemanticsRow("mode.all-bits")
  default void chmodSetsAllTwelveBits() throws Exception {
    write("file", "");
    posix().mkdir("directory", 0755);
    for (int permissions : new int[] {0, 0444, 0640, 0777, 04755, 02755, 01777, 07777}) {
      posix().chmod("file", permissions);
      assertThat(posix().stat("file").permissions()).isEqualTo(permissions);
      posix().chmod("directory", permissions);
      assertThat(posix().stat("directory").permissions()).isEqualTo(permissions);
    }
  }

  @Test
  @SemanticsRow("owner.change")
  default void lchownSetsOwnerAndGroup() throws Exception {
    write("file", "");
    posix().lchown("file", 1234, 5678);
    assertOwner("file", 1234, 5678);
    posix().lchown("file", -1, 91);
    assertOwner("file", 1234, 91);
    posix().lchown("file", 7, -1);
    assertOwner("file", 7, 91);
  }

  private void assertOwner(String path, int uid, int gid) throws Exception {
    Attributes attributes = posix().lstat(path);
    assertThat(attributes.uid()).isEqualTo(uid);
    assertThat(attributes.gid()).isEqualTo(gid);
  }

  @Test
  @SemanticsRow("owner.link")
  default void lchownOfALinkLeavesItsTargetAlone() throws Exception {
    write("file", "");
    posix().symlink("file", "link");
    posix().symlink("missing", "dangling");
    posix().lchown("link", 1234, 5678);
    posix().lchown("dangling", 1, 2);
    assertOwner("link", 1234, 5678);
    assertOwner("dangling", 1, 2);
    assertOwner("file", 0, 0);
  }

  @Test
  @SemanticsRow("mode.all-bits")
  default void aChangeOfOwnerTakesSetuidAway() throws Exception {
    write("program", "");
    posix().chmod("program", 06755);
    posix().lchown("program", 1, 1);
    assertThat(posix().stat("program").permissions()).isEqualTo(0755);
  }

  @Test
  default void timesAreSetToTheSecond() throws Exception {
    write("file", "content");
    setTimes("file", 1_000_000_000, 1_234_567_890);
    Attributes file = posix().stat("file");
    assertThat(file.accessedSeconds()).isEqualTo(1_000_000_000);
    assertThat(file.modifiedSeconds()).isEqualTo(1_234_567_890);
  }

  @Test
  @SemanticsRow("time.one")
  default void oneTimeIsSetWithoutTheOther() throws Exception {
    write("file", "content");
    setTimes("file", 1000, 2000);
    posix().utimensat("file", new TimeChange.Set(3000), KEEP);
    assertTimes("file", 3000, 2000);
    posix().utimensat("file", KEEP, new TimeChange.Set(4000));
    assertTimes("file", 3000, 4000);
    posix().utimensat("file", KEEP, KEEP);
    assertTimes("file", 3000, 4000);
  }

  private void assertTimes(String path, long accessed, long modified) throws Exception {
    Attributes attributes = posix().lstat(path);
    assertThat(attributes.accessedSeconds()).isEqualTo(accessed);
    assertThat(attributes.modifiedSeconds()).isEqualTo(modified);
  }

  @Test
  @SemanticsRow("time.now")
  default void nowIsTheTimeOfTheServer() throws Exception {
    write("old", "");
    setTimes("old", 1000, 2000);
    write("fresh", "");
    long now = posix().stat("fresh").modifiedSeconds();
    posix().utimensat("old", NOW, KEEP);
    assertThat(posix().stat("old").accessedSeconds()).isBetween(now - 2, now + 60);
    assertThat(posix().stat("old").modifiedSeconds()).isEqualTo(2000);
    posix().utimensat("old", KEEP, NOW);
    assertThat(posix().stat("old").modifiedSeconds()).isBetween(now - 2, now + 60);
  }

  @Test
  @SemanticsRow("time.link")
  default void timesOfALinkAreItsOwn() throws Exception {
    write("file", "");
    setTimes("file", 1000, 2000);
    posix().symlink("file", "link");
    if (lacks(Capability.LINK_ATTRIBUTES)) {
      assertFails(Errno.EOPNOTSUPP, () -> setTimes("link", 3000, 4000));
    } else {
      setTimes("link", 3000, 4000);
      assertTimes("link", 3000, 4000);
    }
    assertTimes("file", 1000, 2000);
  }

  @Test
  @SemanticsRow("time.pending")
  default void timesOfAnOpenFileAreSetBehindItsWrites() throws Exception {
    int file = openBoth("file");
    pwrite(file, "content", 0);
    posix().futimens(file, new TimeChange.Set(1000), new TimeChange.Set(2000));
    assertThat(posix().fstat(file).modifiedSeconds()).isEqualTo(2000);
    posix().close(file);
    assertTimes("file", 1000, 2000);
    assertThat(content("file")).isEqualTo("content");
  }

  @Test
  @SemanticsRow("time.pending")
  default void timesSetByPathStandBehindPendingWrites() throws Exception {
    int file = openBoth("file");
    pwrite(file, "content", 0);
    setTimes("file", 1000, 2000);
    posix().close(file);
    assertThat(posix().stat("file").modifiedSeconds()).isEqualTo(2000);
  }

  @Test
  default void writingMovesTheTimeOfModification() throws Exception {
    write("file", "content");
    setTimes("file", 1000, 1000);
    int file = openBoth("file");
    pwrite(file, "more", 0);
    posix().close(file);
    assertThat(posix().stat("file").modifiedSeconds()).isGreaterThan(1000);
  }

  @Test
  default void readingAndChmodLeaveTheTimeOfModification() throws Exception {
    write("file", "content");
    setTimes("file", 1000, 1000);
    assertThat(content("file")).isEqualTo("content");
    posix().chmod("file", 0600);
    assertThat(posix().stat("file").modifiedSeconds()).isEqualTo(1000);
  }

  @Test
  @SemanticsRow("time.change")
  default void theTimeOfChangeCannotBeSet() throws Exception {
    write("file", "");
    setTimes("file", 1000, 2000);
    long changed = posix().stat("file").changedSeconds();
    if (lacks(Capability.CHANGE_TIME)) {
      assertThat(changed).isEqualTo(2000);
    } else {
      assertThat(changed).isGreaterThan(2000);
    }
  }

  @Test
  @SemanticsRow("time.range")
  default void timesOutsideOfTheProtocolAreTheNearestItCanSay() throws Exception {
    boolean bounded = lacks(Capability.ALL_TIMES);
    write("file", "");
    setTimes("file", -1, -1_000_000);
    assertThat(posix().stat("file").modifiedSeconds()).isEqualTo(bounded ? 0 : -1_000_000);
    setTimes("file", 1L << 33, 1L << 33);
    assertThat(posix().stat("file").modifiedSeconds()).isEqualTo(bounded ? 0xffffffffL : 1L << 33);
    setTimes("file", 1L << 31, 3_000_000_000L);
    assertTimes("file", 1L << 31, 3_000_000_000L);
  }

  @Test
  default void oneSetattrDoesNotUndoAnother() throws Exception {
    write("file", "content");
    posix().chmod("file", 0600);
    posix().lchown("file", 12, 34);
    setTimes("file", 1000, 2000);
    posix().chmod("file", 0640);
    Attributes file = posix().stat("file");
    assertThat(file.permissions()).isEqualTo(0640);
    assertThat(file.size()).isEqualTo(7);
    assertOwner("file", 12, 34);
    assertTimes("file", 1000, 2000);
  }

  @Test
  default void changesAreSeenThroughAnOpenFile() throws Exception {
    write("file", "");
    int file = posix().open("file", 0, READ);
    posix().chmod("file", 0600);
    posix().lchown("file", 12, 34);
    assertThat(posix().fstat(file).permissions()).isEqualTo(0600);
    assertThat(posix().fstat(file).uid()).isEqualTo(12);
    posix().close(file);
  }

  @Test
  @SemanticsRow("missing.special-files")
  default void aFifoIsMadeOrRefused() throws Exception {
    if (lacks(Capability.SPECIAL_FILES)) {
      assertFails(Errno.EPERM, () -> posix().mkfifo("fifo", 0644));
      assertThat(exists("fifo")).isFalse();
    } else {
      posix().mkfifo("fifo", 0644);
      assertThat(posix().stat("fifo").type()).isEqualTo(FileType.FIFO);
      assertThat(posix().readdir("")).containsExactly("fifo");
      assertFails(Errno.EEXIST, () -> posix().mkfifo("fifo", 0644));
    }
  }
}
