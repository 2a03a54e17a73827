package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Directory;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.Complaints;
import dev.mooring.testing.CapturedLog;
import dev.mooring.testing.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A server that lies: what it says is refused or taken for what it is, whoever asked gets an errno
 * within the deadline, there is one line in the log however often it is repeated, nothing stays
 * open, and the next call works.
 */
abstract class HostileServer {
  static final int INIT = 1;
  static final int OPEN = 3;
  static final int READ = 5;
  static final int LSTAT = 7;
  static final int READDIR = 12;
  static final int READLINK = 19;
  static final int EXTENDED = 200;
  static final int VERSION = 2;
  static final int HANDLE = 102;
  static final int DATA = 103;
  static final int NAME = 104;
  static final int ATTRS = 105;
  static final int EXTENDED_REPLY = 201;

  static final int WITH_ALL = 1 | 2 | 4 | 8;
  static final int WITH_PAIRS = 0x8000_0000;
  static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  RemoteFixture on;
  CapturedLog log;

  @BeforeEach
  void begin() throws Exception {
    on = RemoteFixture.reconnecting();
    on.serverHas("file", CONTENT);
    on.server.symlink(on.server.root(), FileName.of("link"), TargetBytes.of("file"), on.caller());
    log = new CapturedLog(Complaints.class);
  }

  @AfterEach
  void end() {
    log.close();
  }

  /** Every request of a type is answered like this. */
  void always(int type, Fault fault) {
    on.meetWith(arrived -> arrived == type ? fault : null);
  }

  static Fault forged(int type, ByteBuffer fields) {
    return new Fault.Forged(type, fields.flip());
  }

  static ByteBuffer fields() {
    return ByteBuffer.allocate(250_000);
  }

  static ByteBuffer string(ByteBuffer fields, byte[] bytes) {
    return fields.putInt(bytes.length).put(bytes);
  }

  /** NAME with these, each without attributes. */
  static Fault names(byte[]... names) {
    ByteBuffer fields = fields().putInt(names.length);
    for (byte[] name : names) {
      string(string(fields, name), new byte[0]).putInt(0);
    }
    return forged(NAME, fields);
  }

  static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  List<String> list() throws Exception {
    List<String> names = new ArrayList<>();
    Directory directory = on.remote.opendir(on.remote.root(), on.caller());
    try {
      int before;
      do {
        before = names.size();
        directory.read(
            before, false, (name, _, _, _, _) -> names.add(name.toString()), on.caller());
      } while (names.size() > before);
    } finally {
      directory.release();
    }
    return names;
  }

  static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  void assertOneLine(String about) {
    assertThat(log.lines()).singleElement().asString().contains(about).doesNotContain("\n");
  }

  /** The server behaves again, and nothing of before is left. */
  void assertTheNextCallWorks() throws Exception {
    on.meetWith(Fault.Plan.NONE);
    on.pace.sleep(Duration.ofSeconds(10));
    OpenFile file = on.open("file", OpenFlags.READ);
    assertThat(on.text(file)).isEqualTo("content");
    file.release();
    assertThat(list()).contains("file", "link");
    on.pace.sleep(Duration.ofSeconds(3));
    assertThat(on.openHandles()).isZero();
  }
}
