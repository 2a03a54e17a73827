package dev.mooring.fuse.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Node;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every reply byte by byte, after the structures of {@code include/uapi/linux/fuse.h}. */
class ReplyEncoderTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final Node NODE = () -> 0x1122;
  private static final Attributes FILE =
      new Attributes(0x1122, FileType.REGULAR, 0644, 3, 1000, 1001, 5000, -1, 0x65, 0x66);

  /** {@code struct fuse_attr} of {@link #FILE}. */
  private static final String FILE_BYTES =
      "2211000000000000 8813000000000000 1000000000000000"
          + "ffffffffffffffff 6500000000000000 6600000000000000"
          + "00000000 00000000 00000000"
          + "a4810000 03000000 e8030000 e9030000"
          + "00000000 00100000 00000000";

  private static final Entry.Present ENTRY =
      new Entry.Present(NODE, new Fresh<>(FILE, NOW + 2_000_000_003L), NOW + 1_500_000_000L);

  /** {@code struct fuse_entry_out} of {@link #ENTRY}, known as node 9. */
  private static final String ENTRY_BYTES =
      "0900000000000000 0000000000000000"
          + "0100000000000000 0200000000000000 0065cd1d 03000000"
          + FILE_BYTES;

  private final ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

  private void assertEncoded(Reply reply, String header, String body) {
    ReplyEncoder.encode(0x0102030405060708L, reply, NOW, out);
    assertWritten(header + "0807060504030201" + body);
  }

  private void assertWritten(String expected) {
    String written = HexFormat.of().formatHex(out.array(), 0, out.position());
    assertThat(written).isEqualTo(expected.replace(" ", ""));
    out.clear();
  }

  @Test
  void errorsAreNegative() {
    assertEncoded(new Reply.Failed(Errno.ENOENT), "10000000 feffffff", "");
    assertEncoded(new Reply.Failed(Errno.ENOSYS), "10000000 daffffff", "");
  }

  @Test
  void doneIsAHeader() {
    assertEncoded(new Reply.Done(), "10000000 00000000", "");
  }

  @Test
  void anEntryCarriesWhatIsLeftOfItsLifetimes() {
    assertEncoded(new Reply.Found(9, ENTRY), "90000000 00000000", ENTRY_BYTES);
  }

  @Test
  void whatIsPastHasNoLifetime() {
    Entry.Present past = new Entry.Present(NODE, new Fresh<>(FILE, NOW - 1), NOW - 5_000_000_000L);
    assertEncoded(
        new Reply.Found(9, past),
        "90000000 00000000",
        "0900000000000000" + "00".repeat(32) + FILE_BYTES);
  }

  @Test
  void nothingIsANodeIdOfZeroWithALifetime() {
    assertEncoded(
        new Reply.NotFound(NOW + 1_000_000_002L),
        "90000000 00000000",
        "00".repeat(16) + "0100000000000000" + "00".repeat(8) + "02000000" + "00".repeat(92));
  }

  @Test
  void attributesCarryTheirLifetime() {
    assertEncoded(
        new Reply.Shown(new Fresh<>(FILE, NOW + 3_000_000_004L)),
        "78000000 00000000",
        "0300000000000000 04000000 00000000" + FILE_BYTES);
  }

  @Test
  void openedIsAHandleWithFlags() {
    int flags = Reply.Opened.DIRECT_IO | Reply.Opened.PARALLEL_DIRECT_WRITES;
    assertEncoded(
        new Reply.Opened(7, flags), "20000000 00000000", "0700000000000000 41000000 00000000");
  }

  @Test
  void madeIsAnEntryAndAHandle() {
    assertEncoded(
        new Reply.Made(new Reply.Found(9, ENTRY), new Reply.Opened(7, Reply.Opened.KEEP_CACHE)),
        "a0000000 00000000",
        ENTRY_BYTES + "0700000000000000 02000000 00000000");
  }

  @Test
  void bytesAreCountedAndFollowFromWhereTheyLie() {
    Lease lease =
        new Lease() {
          @Override
          public List<ByteBuffer> slices() {
            return List.of(ByteBuffer.allocateDirect(3), ByteBuffer.allocateDirect(2));
          }

          @Override
          public int length() {
            return 5;
          }

          @Override
          public void close() {}
        };
    assertEncoded(new Reply.Bytes(lease), "15000000 00000000", "");
  }

  @Test
  void countsAreOf32BitsOrOf64() {
    assertEncoded(new Reply.Written(0x100000), "18000000 00000000", "00001000 00000000");
    assertEncoded(new Reply.Copied(0x1_0000_0001L), "18000000 00000000", "0100000001000000");
  }

  @Test
  void aTargetHasNoEnd() throws ErrnoException {
    TargetBytes target = TargetBytes.of(new byte[] {'a', (byte) 0xff});
    assertEncoded(new Reply.Target(target), "12000000 00000000", "61ff");
  }

  @Test
  void statisticsAreInBlocks() {
    assertEncoded(
        new Reply.Filled(new Statistics(4096, 10, 9, 8, 7, 6, 255, false)),
        "60000000 00000000",
        "0a00000000000000 0900000000000000 0800000000000000"
            + "0700000000000000 0600000000000000"
            + "00100000 ff000000 00100000"
            + "00".repeat(28));
  }

  @Test
  void theAnswerToInitNamesTheBounds() throws ErrnoException {
    long offered = InitFlag.all() | 1L << 16 | 1L << 41;
    Negotiation agreed = Negotiation.with(new Request.Init(7, 45, 131072, offered));
    assertEncoded(
        new Reply.Agreed(agreed),
        "50000000 00000000",
        "07000000 2d000000 00004000 69f06440"
            + "4000 3000 00001000 00ca9a3b 0001 0000 10000000"
            + "00".repeat(28));
  }

  @Test
  void entriesArePaddedToEightBytes() throws ErrnoException {
    ByteBuffer packed = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    DirectoryPacker packer = new DirectoryPacker(packed, false, NOW);
    packer.add(FileName.of("ab").bytes(), 5, FileType.DIRECTORY, 3, 0, null);
    assertThat(packer.hasRoom(8)).isTrue();
    assertThat(packer.hasRoom(9)).isFalse();
    assertEncoded(
        new Reply.Entries(packed.flip(), List.of()),
        "30000000 00000000",
        "0500000000000000 0300000000000000 02000000 04000000 6162 000000000000");
  }

  @Test
  void plusEntriesBeginWithTheWholeEntry() throws ErrnoException {
    ByteBuffer packed = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    DirectoryPacker packer = new DirectoryPacker(packed, true, NOW);
    packer.add(FileName.of("ab").bytes(), 0x1122, FileType.REGULAR, 3, 9, ENTRY);
    packer.add(FileName.of("c").bytes(), 6, FileType.SYMLINK, 4, 0, null);
    assertEncoded(
        new Reply.Entries(packed.flip(), List.of(9L)),
        "50010000 00000000",
        ENTRY_BYTES
            + "2211000000000000 0300000000000000 02000000 08000000 6162 000000000000"
            + "00".repeat(128)
            + "0600000000000000 0400000000000000 01000000 0a000000 63 00000000000000");
  }

  @Test
  void notificationsHaveTheirKindWhereTheErrorWouldBe() throws ErrnoException {
    ReplyEncoder.encode(new Notification.ContentChanged(9), out);
    assertWritten("28000000 02000000" + "00".repeat(8) + "0900000000000000" + "00".repeat(16));
    ReplyEncoder.encode(new Notification.EntryChanged(1, FileName.of("ab")), out);
    assertWritten(
        "23000000 03000000" + "00".repeat(8) + "0100000000000000 02000000 00000000 616200");
  }
}
