package dev.mooring.fuse.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads what Linux 6.18 on x86-64 sent (see {@code RequestCapture}), and what it never sends. */
class RequestDecoderTest {
  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void everyCapturedRequestIsReadAsItWasMeant() throws IOException {
    assertThat(CapturedRequests.all())
        .hasSizeGreaterThan(50)
        .allSatisfy(each ->
            assertThat(CapturedRequests.described(buffer(each.bytes())))
                .isEqualTo(each.described()));
  }

  @Test
  void theCaptureHasAllThatThisKernelAsksFor() throws IOException {
    Set<Opcode> missing = EnumSet.allOf(Opcode.class);
    for (CapturedRequests.Captured each : CapturedRequests.all()) {
      missing.remove(Opcode.of(buffer(each.bytes()).getInt(4)));
    }
    // These are of older kernels, or of mounts of another kind.
    assertThat(missing)
        .containsExactlyInAnyOrder(Opcode.RENAME, Opcode.COPY_FILE_RANGE, Opcode.DESTROY);
  }

  @Test
  void whatIsCutShortIsMalformedAndNothingWorse() throws IOException {
    for (CapturedRequests.Captured each : CapturedRequests.all()) {
      for (int length = 0; length < each.bytes().length; length++) {
        ByteBuffer cut = buffer(each.bytes()).slice(0, length).order(ByteOrder.LITTLE_ENDIAN);
        if (length >= RequestHeader.BYTES) {
          cut.putInt(0, length);
        }
        // A request or an ErrnoException; anything else fails the test.
        assertThat(CapturedRequests.described(cut)).isNotEmpty();
      }
    }
  }

  private static Request decode(Opcode opcode, String body) throws ErrnoException {
    byte[] bytes = HexFormat.of().parseHex(body.replace(" ", ""));
    RequestHeader header =
        new RequestHeader(RequestHeader.BYTES + bytes.length, opcode.number(), 2, 1, 0, 0, 1);
    return RequestDecoder.decode(header, buffer(bytes));
  }

  private static void assertRefused(Errno errno, Opcode opcode, String body) {
    assertThatThrownBy(() -> decode(opcode, body))
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void theOldRenameReplaces() throws ErrnoException {
    assertThat(decode(Opcode.RENAME, "0700000000000000 6100 6200"))
        .hasToString("Rename[name=a, newDirId=7, newName=b, flags=REPLACE]");
  }

  @Test
  void aNameWithoutItsEndIsMalformed() {
    assertRefused(Errno.EIO, Opcode.LOOKUP, "6162");
    assertRefused(Errno.EIO, Opcode.RENAME, "0700000000000000 6100 62");
  }

  @Test
  void whatCannotBeANameIsInvalid() {
    assertRefused(Errno.EINVAL, Opcode.LOOKUP, "00");
    assertRefused(Errno.EINVAL, Opcode.LOOKUP, "2e2e00");
    assertRefused(Errno.EINVAL, Opcode.MKDIR, "0000000000000000 612f6200");
  }

  @Test
  void moreForgottenThanThereAreIsMalformed() {
    assertRefused(Errno.EIO, Opcode.BATCH_FORGET, "02000000 00000000 01000000");
    assertRefused(Errno.EIO, Opcode.BATCH_FORGET, "ffffffff 00000000");
  }

  @Test
  void aWriteOfMoreThanItBringsIsMalformed() {
    String head = "0100000000000000 0000000000000000";
    String tail = "00000000 0000000000000000 00000000 00000000 61";
    assertRefused(Errno.EIO, Opcode.WRITE, head + "02000000" + tail);
    assertRefused(Errno.EIO, Opcode.WRITE, head + "ffffffff" + tail);
  }

  @Test
  void whiteoutsAreInvalid() {
    assertRefused(Errno.EINVAL, Opcode.RENAME2, "0700000000000000 04000000 00000000 6100 6200");
  }

  @Test
  void anotherLengthThanTheHeaderSaysIsMalformed() {
    byte[] bytes = new byte[RequestHeader.BYTES];
    bytes[0] = RequestHeader.BYTES + 1;
    assertThat(CapturedRequests.described(buffer(bytes)))
        .isEqualTo("EIO: a request of 40 bytes that says 41");
  }
}
