package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.remote.RemoteSettings.Lifetimes;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one mount shows of what another has done on the same server, and when. */
@Timeout(60)
class TwoMountsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Two mounts of one server. */
  private static final class Both {
    final RemoteFixture on;
    final FileSystem here;
    final FileSystem there;

    Both(Lifetimes lifetimes) throws Exception {
      RemoteSettings settings = RemoteFixture.SETTINGS.with(lifetimes);
      on = new RemoteFixture(ServerDialect.OPENSSH, settings, files -> files);
      here = on.remote;
      there = on.another(settings);
    }

    static FileName name() throws Exception {
      return FileName.of("file");
    }

    void write(FileSystem mount, String content, OpenFlags flags) throws Exception {
      OpenFile file = mount.open(find(mount), flags, on.caller());
      file.write(0, Bytes.payload(content.getBytes(StandardCharsets.UTF_8)), on.caller());
      file.flush(on.caller());
      file.release();
    }

    Node find(FileSystem mount) throws Exception {
      return ((Entry.Present) mount.lookup(mount.root(), name(), on.caller())).node();
    }

    String read(FileSystem mount) throws Exception {
      OpenFile file = mount.open(find(mount), OpenFlags.READ, on.caller());
      String text = on.text(file);
      file.release();
      return text;
    }

    Attributes attributes(FileSystem mount) throws Exception {
      return mount.getattr(find(mount), null, on.caller()).value();
    }

    boolean isThere(FileSystem mount) throws Exception {
      return mount.lookup(mount.root(), name(), on.caller()) instanceof Entry.Present;
    }

    void create(FileSystem mount) throws Exception {
      mount.create(mount.root(), name(), OpenFlags.WRITE, 0644, on.caller()).file().release();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"longer than before", "old"})
  @SemanticsRow("coherence.close-to-open")
  void whatOneWritesAndClosesTheOtherOpensAndSees(String written) throws Exception {
    Both both = new Both(Lifetimes.CLOSE_TO_OPEN);
    both.on.serverHas("file", "was".getBytes(StandardCharsets.UTF_8));
    both.on.pace.run(() -> {
      assertThat(both.read(both.there)).isEqualTo("was");
      both.write(both.here, written, OpenFlags.WRITE.truncating());

      assertThat(both.read(both.there)).isEqualTo(written);
    });
  }

  @Test
  @SemanticsRow("coherence.close-to-open")
  void pagesOfAChangeWithinTheSameSecondAreNotKept() throws Exception {
    Both both = new Both(Lifetimes.CLOSE_TO_OPEN);
    both.on.serverHas("file", "one".getBytes(StandardCharsets.UTF_8));
    both.on.pace.run(() -> {
      assertThat(both.read(both.there)).isEqualTo("one");
      both.write(both.here, "two", OpenFlags.WRITE);
      OpenFile opened = both.there.open(both.find(both.there), OpenFlags.READ, both.on.caller());

      assertThat(opened.keepCache()).isFalse();
      assertThat(both.on.text(opened)).isEqualTo("two");
      opened.release();
    });
  }

  @Test
  @SemanticsRow("coherence.absent")
  void aNameThatWasAbsentIsSeenWithinASecond() throws Exception {
    Both both = new Both(Lifetimes.CLOSE_TO_OPEN);
    both.on.pace.run(() -> {
      assertThat(both.isThere(both.there)).isFalse();
      both.create(both.here);
      both.on.pace.sleep(SECOND);

      assertThat(both.isThere(both.there)).isTrue();
    });
  }

  @Test
  @SemanticsRow("coherence.attributes")
  void attributesAndRemovalsAreSeenWithinFiveSeconds() throws Exception {
    Both both = new Both(Lifetimes.CLOSE_TO_OPEN);
    both.on.serverHas("file", new byte[0]);
    both.on.pace.run(() -> {
      assertThat(both.attributes(both.there).permissions()).isEqualTo(0644);
      both.here.setattr(
          both.find(both.here), null, AttributeChange.ofPermissions(0600), both.on.caller());
      both.on.pace.sleep(Duration.ofSeconds(5));
      assertThat(both.attributes(both.there).permissions()).isEqualTo(0600);

      both.here.unlink(both.here.root(), Both.name(), both.on.caller());
      both.on.pace.sleep(Duration.ofSeconds(5));
      assertThat(both.isThere(both.there)).isFalse();
    });
  }

  @Test
  @SemanticsRow("coherence.tail")
  void whatIsAppendedIsReadThroughAnOpenFileWithinASecond() throws Exception {
    Both both = new Both(Lifetimes.CLOSE_TO_OPEN);
    both.on.serverHas("file", "one\n".getBytes(StandardCharsets.UTF_8));
    both.on.pace.run(() -> {
      OpenFile tail = both.there.open(both.find(both.there), OpenFlags.READ, both.on.caller());
      assertThat(both.on.text(tail)).isEqualTo("one\n");
      for (String line : new String[] {"two\n", "three\n"}) {
        both.write(both.here, line, OpenFlags.WRITE.appending());
        both.on.pace.sleep(SECOND);
        long size = both.there.getattr(tail.node(), tail, both.on.caller()).value().size();
        assertThat(both.on.text(tail)).endsWith(line).hasSize((int) size);
      }
      tail.release();
    });
  }

  @Test
  @SemanticsRow("coherence.replaced")
  void aFileThatWasReplacedIsReadAnewAtTheNextOpen() throws Exception {
    Both both = new Both(Lifetimes.CLOSE_TO_OPEN);
    both.on.serverHas("file", "old".getBytes(StandardCharsets.UTF_8));
    both.on.serverHas("next", "new".getBytes(StandardCharsets.UTF_8));
    both.on.pace.run(() -> {
      assertThat(both.read(both.there)).isEqualTo("old");
      both.here.lookup(both.here.root(), FileName.of("next"), both.on.caller());
      both.here.rename(
          both.here.root(),
          FileName.of("next"),
          both.here.root(),
          Both.name(),
          RenameFlags.REPLACE,
          both.on.caller());

      assertThat(both.read(both.there)).isEqualTo("new");
    });
  }

  @Test
  @SemanticsRow("preset.strict")
  void strictBelievesNothingTwice() throws Exception {
    Both both = new Both(Lifetimes.STRICT);
    both.on.pace.run(() -> {
      assertThat(both.isThere(both.there)).isFalse();
      both.create(both.here);
      assertThat(both.isThere(both.there)).isTrue();
      both.here.setattr(
          both.find(both.here), null, AttributeChange.ofPermissions(0600), both.on.caller());
      assertThat(both.attributes(both.there).permissions()).isEqualTo(0600);
      both.here.unlink(both.here.root(), Both.name(), both.on.caller());
      assertThat(both.isThere(both.there)).isFalse();
    });
  }

  @Test
  @SemanticsRow("preset.relaxed")
  void relaxedAsksOnceAMinute() throws Exception {
    Both both = new Both(Lifetimes.RELAXED);
    both.on.serverHas("file", new byte[0]);
    both.on.pace.run(() -> {
      both.attributes(both.there);
      both.here.setattr(
          both.find(both.here), null, AttributeChange.ofPermissions(0600), both.on.caller());
    });
    int bursts =
        both.on.pace.burstsOf(() -> {
          both.on.pace.sleep(Duration.ofSeconds(59));
          assertThat(both.attributes(both.there).permissions()).isEqualTo(0644);
        });
    assertThat(bursts).isZero();
    both.on.pace.run(() -> {
      both.on.pace.sleep(SECOND);
      assertThat(both.attributes(both.there).permissions()).isEqualTo(0600);
    });
  }

  @Test
  @SemanticsRow("coherence.late-reply")
  void anAnswerThatComesLateDoesNotUndoWhatIsKnownSince() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH.outOfOrderReplies());
    on.serverHas("file", new byte[0]);
    on.pace.run(() -> {
      Node node = on.find("file");
      on.pace.sleep(Duration.ofSeconds(6));
      on.pace.execute(() -> {
        try {
          on.remote.getattr(node, null, on.caller());
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
      on.remote.setattr(node, null, AttributeChange.ofPermissions(0600), on.caller());
      on.pace.sleep(SECOND);

      assertThat(on.remote.getattr(node, null, on.caller()).value().permissions()).isEqualTo(0600);
    });
  }
}
