package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.testing.Fault;
import dev.mooring.testing.SemanticsRow;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile server says of its files. */
@Timeout(60)
class HostileServerTest extends HostileServer {
  @Test
  @SemanticsRow("hostile.names")
  void namesThatNoFileCanHaveAreLeftOut() throws Exception {
    List<byte[]> bad = new ArrayList<>();
    for (String name : List.of(".", "..", "", "/", "../up", "a/b", "nul\0", "\0", "/etc/passwd")) {
      bad.add(bytes(name));
    }
    bad.add(new byte[256]);
    bad.add(bytes("x".repeat(100_000)));
    for (int i = 0; i < 1000; i++) {
      bad.add(bytes("a/" + i));
    }
    bad.add(bytes("good\nname"));
    on.next(READDIR, names(bad.toArray(byte[][]::new)));
    on.pace.run(() -> {
      assertThat(list()).containsExactly("good\nname", "file", "link");

      assertOneLine("the listing of / has a name that cannot be one, left out: EINVAL");
      on.pace.sleep(Duration.ofMinutes(2));
      on.next(READDIR, names(bytes("a/b")));
      list();
      assertThat(log.lines().getLast()).contains("1008 times more");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("readdir.snapshot")
  void aNameThatIsRepeatedIsShownOnce() throws Exception {
    on.next(READDIR, names(bytes("a"), bytes("a"), bytes("b"), bytes("a"), bytes("file")));
    on.pace.run(() -> {
      assertThat(list()).containsExactly("a", "b", "file", "link");
      assertThat(log.lines()).isEmpty();
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.listing")
  void aListingThatRepeatsItselfForEverEnds() throws Exception {
    byte[][] same = new byte[5000][];
    for (int i = 0; i < same.length; i++) {
      same[i] = bytes("n" + i % 50);
    }
    AtomicInteger asked = new AtomicInteger();
    Fault repeated = names(same);
    on.meetWith(type -> {
      asked.addAndGet(type == READDIR ? 1 : 0);
      return type == READDIR ? repeated : null;
    });
    on.pace.run(() -> {
      assertErrno(Errno.ENOMEM, this::list);
      assertErrno(Errno.ENOMEM, this::list);

      assertOneLine("more than 300000 entries, 50 names among them: reading it fails with ENOMEM");
      // Each gets what was asked for before the bound was met, and no more.
      assertThat(asked.get()).isLessThan(2 * (RemoteSettings.MAX_LISTED / same.length + 2 * 128));
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.listing")
  void aListingOfEverMoreNamesEnds() throws Exception {
    AtomicInteger last = new AtomicInteger();
    on.meetWith(type -> {
      if (type != READDIR) {
        return null;
      }
      byte[][] more = new byte[5000][];
      for (int i = 0; i < more.length; i++) {
        more[i] = bytes("n" + last.incrementAndGet());
      }
      return names(more);
    });
    on.pace.run(() -> {
      assertErrno(Errno.ENOMEM, this::list);

      assertOneLine("reading it fails with ENOMEM");
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.attributes")
  void absurdAttributesAreShownAsFarAsTheyCanBe() throws Exception {
    always(
        LSTAT,
        forged(
            ATTRS,
            fields()
                .putInt(WITH_ALL)
                .putLong(-1)
                .putInt(-1)
                .putInt(-1)
                .putInt(0107777)
                .putLong(-1)));
    on.pace.run(() -> {
      Node node = on.find("file");
      Attributes shown = on.remote.getattr(node, null, on.caller()).value();
      assertThat(shown.size()).isEqualTo(Long.MAX_VALUE);
      assertThat(shown.permissions()).isEqualTo(07777);
      assertThat(shown.modifiedSeconds()).isEqualTo(0xffff_ffffL);

      OpenFile file = on.remote.open(node, OpenFlags.READ, on.caller());
      assertThat(on.read(file, 0, 1 << 16)).isEqualTo(CONTENT);
      assertThat(on.read(file, Long.MAX_VALUE - (1 << 16), 1 << 16)).isEmpty();
      file.release();
      assertTheNextCallWorks();
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0xffff, 0x1ed, 0170777})
  @SemanticsRow("hostile.attributes")
  void aTypeThatDoesNotExistIsAnErrorOrAFile(int mode) throws Exception {
    always(LSTAT, forged(ATTRS, fields().putInt(4).putInt(mode)));
    on.pace.run(() -> {
      assertThat(on.remote.getattr(on.find("file"), null, on.caller()).value().type()).isNotNull();
      assertTheNextCallWorks();
    });
  }

  @Test
  @SemanticsRow("hostile.attributes")
  void aFloodOfExtendedAttributesIsPassedOver() throws Exception {
    int pairs = 30_000;
    ByteBuffer fields = fields().putInt(1 | WITH_PAIRS).putLong(7).putInt(pairs);
    on.next(LSTAT, forged(ATTRS, fields.position(fields.position() + 8 * pairs)));
    on.pace.run(() -> {
      assertThat(on.remote.getattr(on.find("file"), null, on.caller()).value().size()).isEqualTo(7);
      assertThat(log.lines()).isEmpty();
      assertTheNextCallWorks();
    });
  }

  @ParameterizedTest
  @CsvSource({"0, EIO", "1, EIO", "4096, ENAMETOOLONG", "200000, ENAMETOOLONG"})
  @SemanticsRow("hostile.target")
  void aTargetThatCannotBeOneIsNotShown(int length, Errno errno) throws Exception {
    always(READLINK, names(length == 1 ? bytes("a\0b") : bytes("t".repeat(length))));
    on.pace.run(() -> {
      Node link = on.find("link");
      assertErrno(errno, () -> on.remote.readlink(link, on.caller()));
      assertErrno(errno, () -> on.remote.readlink(link, on.caller()));

      assertOneLine("the link /link has a target that cannot be one");
      assertTheNextCallWorks();
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/shadow", "..", "../x", "a/../../x", "./../x", "//x"})
  @SemanticsRow("symlink.contained")
  void aTargetThatLeadsOutIsRefused(String target) throws Exception {
    always(READLINK, names(bytes(target)));
    on.pace.run(() -> {
      Node link = on.find("link");
      assertErrno(Errno.EPERM, () -> on.remote.readlink(link, on.caller()));
      assertTheNextCallWorks();
    });
  }
}
