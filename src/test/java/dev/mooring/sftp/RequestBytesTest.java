package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every request of version 3 and of the eleven extensions, byte by byte. */
class RequestBytesTest {
  private static final int ID = 0x01020304;
  private static final RemotePath A = RemotePath.of("/a");
  private static final RemotePath BC = RemotePath.of("/bc");
  private static final ByteBuffer HANDLE = WireBytes.of("00ff0a");
  private static final RemoteAttributes ALL =
      new RemoteAttributes(
          0x1122334455667788L,
          new RemoteAttributes.Owner(1000, -2),
          0100644,
          new RemoteAttributes.Times(1, RemoteAttributes.Times.MAX_SECONDS));

  /** {@link #ALL} on the wire. */
  private static final String ALL_BYTES =
      " 0000000f 1122334455667788 000003e8 fffffffe 000081a4 00000001 ffffffff";

  private static void assertBytes(Request<?> request, String expected) {
    request.number(ID, 0, true, 0);
    assertThat(WireBytes.hex(request.packet())).isEqualTo(hex(expected));
  }

  private static String hex(String notation) {
    return WireBytes.hex(List.of(WireBytes.of(notation)));
  }

  @Test
  void initHasItsVersionInPlaceOfAnId() {
    assertThat(WireBytes.hex(List.of(Requests.init()))).isEqualTo(hex("00000005 01 00000003"));
  }

  @Test
  void openHasPathModeAndAttributes() {
    assertBytes(
        Requests.open(A, 0x1b, RemoteAttributes.ofMode(0600), Reply.DONE),
        "00000017 03 01020304 00000002 '/a' 0000001b 00000004 00000180");
    assertBytes(
        Requests.open(A, 1, ALL, Reply.DONE),
        "0000002f 03 01020304 00000002 '/a' 00000001" + ALL_BYTES);
  }

  @Test
  void modesOfOpenAreTheBitsOfTheDraft() {
    assertThat(
            List.of(
                OpenMode.READ,
                OpenMode.WRITE,
                OpenMode.APPEND,
                OpenMode.CREATE,
                OpenMode.TRUNCATE,
                OpenMode.EXCLUSIVE))
        .containsExactly(1, 2, 4, 8, 16, 32);
  }

  @Test
  void readAndWriteHaveHandleOffsetAndLength() {
    assertBytes(
        Requests.read(HANDLE, 0x0102030405060708L, ByteBuffer.allocate(0x8000)),
        "00000018 05 01020304 00000003 00ff0a 0102030405060708 00008000");
    assertBytes(
        Requests.write(HANDLE, -1, List.of(WireBytes.of("'he'"), WireBytes.of("'llo'"))),
        "0000001d 06 01020304 00000003 00ff0a ffffffffffffffff 00000005 'hello'");
  }

  @Test
  void requestsOnAHandleHaveNothingElse() {
    assertBytes(Requests.close(HANDLE), "0000000c 04 01020304 00000003 00ff0a");
    assertBytes(Requests.fstat(HANDLE), "0000000c 08 01020304 00000003 00ff0a");
    assertBytes(Requests.readdir(HANDLE), "0000000c 0c 01020304 00000003 00ff0a");
  }

  @Test
  void requestsOnAPathHaveNothingElse() {
    assertBytes(Requests.lstat(A), "0000000b 07 01020304 00000002 '/a'");
    assertBytes(Requests.opendir(A, Reply.DONE), "0000000b 0b 01020304 00000002 '/a'");
    assertBytes(Requests.remove(A), "0000000b 0d 01020304 00000002 '/a'");
    assertBytes(Requests.rmdir(A), "0000000b 0f 01020304 00000002 '/a'");
    assertBytes(Requests.realpath(A), "0000000b 10 01020304 00000002 '/a'");
    assertBytes(Requests.stat(A), "0000000b 11 01020304 00000002 '/a'");
    assertBytes(Requests.readlink(A), "0000000b 13 01020304 00000002 '/a'");
  }

  @Test
  void requestsThatSetAttributesHaveThemLast() {
    assertBytes(Requests.setstat(A, ALL), "0000002b 09 01020304 00000002 '/a'" + ALL_BYTES);
    assertBytes(Requests.fsetstat(HANDLE, ALL), "0000002c 0a 01020304 00000003 00ff0a" + ALL_BYTES);
    assertBytes(
        Requests.fsetstat(HANDLE, RemoteAttributes.ofSize(0)),
        "00000018 0a 01020304 00000003 00ff0a 00000001 0000000000000000");
    assertBytes(
        Requests.mkdir(A, RemoteAttributes.NONE), "0000000f 0e 01020304 00000002 '/a' 00000000");
  }

  @Test
  void attributesThatAreAbsentTakeNoRoom() {
    assertBytes(
        Requests.setstat(
            A, new RemoteAttributes(null, new RemoteAttributes.Owner(7, 8), null, null)),
        "00000017 09 01020304 00000002 '/a' 00000002 00000007 00000008");
    assertBytes(
        Requests.setstat(
            A, new RemoteAttributes(null, null, null, new RemoteAttributes.Times(9, 10))),
        "00000017 09 01020304 00000002 '/a' 00000008 00000009 0000000a");
  }

  @Test
  void requestsOnTwoPathsHaveThemInOpenSshsOrder() {
    assertBytes(Requests.rename(A, BC), "00000012 12 01020304 00000002 '/a' 00000003 '/bc'");
    assertBytes(
        Requests.symlink(WireBytes.of("ff"), BC),
        "00000011 14 01020304 00000001 ff 00000003 '/bc'");
  }

  @Test
  void extensionsOnPathsNameThemselvesFirst() {
    assertBytes(
        ExtendedRequests.posixRename(A, BC),
        "0000002e c8 01020304 00000018 'posix-rename@openssh.com' 00000002 '/a' 00000003 '/bc'");
    assertBytes(
        ExtendedRequests.hardlink(A, BC),
        "0000002a c8 01020304 00000014 'hardlink@openssh.com' 00000002 '/a' 00000003 '/bc'");
    assertBytes(
        ExtendedRequests.statvfs(A),
        "00000022 c8 01020304 00000013 'statvfs@openssh.com' 00000002 '/a'");
    assertBytes(
        ExtendedRequests.expandPath(RemotePath.of("~/a")),
        "00000027 c8 01020304 00000017 'expand-path@openssh.com' 00000003 '~/a'");
    assertBytes(
        ExtendedRequests.lsetstat(A, ALL),
        "00000043 c8 01020304 00000014 'lsetstat@openssh.com' 00000002 '/a'" + ALL_BYTES);
  }

  @Test
  void extensionsOnHandlesNameThemselvesFirst() {
    assertBytes(
        ExtendedRequests.fsync(HANDLE),
        "00000021 c8 01020304 00000011 'fsync@openssh.com' 00000003 00ff0a");
    assertBytes(
        ExtendedRequests.fstatvfs(HANDLE),
        "00000024 c8 01020304 00000014 'fstatvfs@openssh.com' 00000003 00ff0a");
    assertBytes(
        ExtendedRequests.copyData(HANDLE, 1, 2, WireBytes.of("ee"), 3),
        "00000036 c8 01020304 00000009 'copy-data' 00000003 00ff0a"
            + " 0000000000000001 0000000000000002 00000001 ee 0000000000000003");
  }

  @Test
  void extensionsOnNothingOrOnIdsNameThemselvesFirst() {
    assertBytes(ExtendedRequests.limits(), "0000001b c8 01020304 00000012 'limits@openssh.com'");
    assertBytes(
        ExtendedRequests.homeDirectory("me"),
        "0000001d c8 01020304 0000000e 'home-directory' 00000002 'me'");
    assertBytes(
        ExtendedRequests.usersGroupsById(List.of(0, 7), List.of(-1)),
        "0000003b c8 01020304 0000001e 'users-groups-by-id@openssh.com'"
            + " 00000008 00000000 00000007 00000004 ffffffff");
  }
}
