package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Payload;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What becomes of bytes that the server does not have yet when a mount ends. */
@Timeout(60)
class ServedMountTest {
  private static final Path MOUNT_POINT = Path.of("/mnt/volume");

  private final LockStepPace pace = new LockStepPace();
  private final ReferenceFileSystem server = new ReferenceFileSystem(pace);
  private final InMemorySftpServer network =
      new InMemorySftpServer(server, ServerDialect.OPENSSH, this::carry);
  private final List<Runnable> heldUp = new ArrayList<>();
  private final Kernel kernel = new Kernel();
  private final Logger logger = (Logger) LoggerFactory.getLogger(ServedMount.class);
  private final ListAppender<ILoggingEvent> errors = new ListAppender<>();
  private boolean silent;

  /** Stands where a binding stands. */
  private static final class Kernel implements FuseBinding, FuseSession {
    final CompletableFuture<FileSystem> served = new CompletableFuture<>();
    final CompletableFuture<Duration> patience = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private LockStepPace.Body meanwhile = () -> {};

    @Override
    public FuseSession mount(FileSystem fileSystem, Path mountPoint, FuseOptions options) {
      served.complete(fileSystem);
      return this;
    }

    @Override
    public Path mountPoint() {
      return MOUNT_POINT;
    }

    @Override
    public CompletableFuture<Void> ended() {
      return ended;
    }

    /** Runs between detaching and the end. */
    void whileItCloses(LockStepPace.Body body) {
      meanwhile = body;
    }

    @Override
    public void close(Duration time) {
      patience.complete(time);
      try {
        meanwhile.run();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      ended.complete(null);
    }
  }

  /** A connection that is always there. */
  private final class Connection implements SshConnection {
    @Override
    public String hostKeyFingerprint() {
      return "SHA256:x";
    }

    @Override
    public String serverVersion() {
      return "in memory";
    }

    @Override
    public CompletableFuture<SubsystemChannel> open(String subsystem) {
      return CompletableFuture.completedFuture(network.open());
    }

    @Override
    public CompletableFuture<ConnectionLost> closed() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    logger.setLevel(Level.ERROR);
    errors.start();
    logger.addAppender(errors);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(errors);
    logger.setLevel(null);
  }

  private void carry(Runnable arrival) {
    if (silent) {
      heldUp.add(arrival);
    } else {
      pace.network().execute(arrival);
    }
  }

  private void speakAgain() {
    silent = false;
    heldUp.forEach(this::carry);
  }

  private LiveMount mount() throws Exception {
    return mount(new MountDraft());
  }

  private LiveMount mount(MountDraft draft) throws Exception {
    draft.ssh().user("u");
    draft.ssh().host("h");
    draft.ssh().hostKeys().checking(HostKeyDraft.Checking.ANY);
    return new SftpMounter(
            (_, _, _, _) -> new Connection(),
            Map.of(BindingChoice.DEFAULT, kernel),
            pace,
            new SplittableRandom(1),
            new NativeMemory(NativeMemory.SHARED_BYTES))
        .mount(draft.build(), MOUNT_POINT);
  }

  private OpenFile create(String name) throws Exception {
    FileSystem served = kernel.served.join();
    return served
        .create(served.root(), FileName.of(name), OpenFlags.READ_WRITE, 0644, pace.caller())
        .file();
  }

  private void write(OpenFile file, long offset, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer memory = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    file.write(offset, Payload.of(memory), pace.caller());
  }

  private long sizeOnServer(String name) throws Exception {
    Entry found = server.lookup(server.root(), FileName.of(name), pace.caller());
    Entry.Present present = (Entry.Present) found;
    server.forget(present.node(), 1);
    return present.attributes().value().size();
  }

  private List<String> loggedErrors() {
    return errors.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  @SemanticsRow("owner.login")
  void theLoginIsShownAsWhoMounts() throws Exception {
    MountDraft draft = new MountDraft();
    draft.owners().translation(OwnersDraft.Translation.LOGIN);
    draft.view().uid(999);
    draft.view().gid(998);
    pace.run(() -> {
      server.setattr(server.root(), null, AttributeChange.ofOwner(31, 32), pace.caller());
      LiveMount live = mount(draft);
      FileSystem served = kernel.served.join();
      create("ours").release();
      Attributes root = served.getattr(served.root(), null, pace.caller()).value();
      assertThat(root.uid()).isEqualTo(999);
      assertThat(root.gid()).isEqualTo(998);
      live.close();
    });
  }

  @Test
  void whatIsDirtyInOpenFilesIsWrittenBeforeTheEnd() throws Exception {
    pace.run(() -> {
      LiveMount live = mount();
      write(create("one"), 0, "dirty");
      write(create("other"), 0, "dirtier");
      live.close();

      assertThat(sizeOnServer("one")).isEqualTo(5);
      assertThat(sizeOnServer("other")).isEqualTo(7);
      assertThat(kernel.patience.join()).isEqualTo(Duration.ofSeconds(2));
      assertThat(loggedErrors()).isEmpty();
    });
  }

  @Test
  void whatIsWrittenWhileItIsDetachedArrivesToo() throws Exception {
    pace.run(() -> {
      LiveMount live = mount();
      OpenFile file = create("file");
      write(file, 0, "before");
      kernel.whileItCloses(() -> write(file, 6, " and meanwhile"));
      live.close();

      assertThat(sizeOnServer("file")).isEqualTo(20);
      assertThat(loggedErrors()).isEmpty();
    });
  }

  @Test
  void aServerThatAnswersLateLosesNothing() throws Exception {
    pace.run(() -> {
      LiveMount live = mount();
      write(create("file"), 0, "dirty");
      silent = true;
      pace.schedule(Duration.ofSeconds(6), this::speakAgain);
      live.close();

      assertThat(sizeOnServer("file")).isEqualTo(5);
      assertThat(loggedErrors()).isEmpty();
    });
  }

  @Test
  void aServerThatNeverAnswersIsWaitedForSevenSecondsAndEachLossIsNamed() throws Exception {
    pace.run(() -> {
      LiveMount live = mount();
      OpenFile one = create("one");
      OpenFile other = create("other");
      silent = true;
      write(one, 0, "dirty");
      write(other, 0, "dirtier");
      long before = pace.nanoTime();
      live.close();

      assertThat(pace.nanoTime() - before).isEqualTo(Duration.ofSeconds(7).toNanos());
      assertThat(kernel.patience.join()).isEqualTo(Duration.ofMillis(500));
      assertThat(loggedErrors())
          .hasSize(2)
          .anyMatch(line -> line.startsWith("5 bytes of /one on u@h:22 are lost"))
          .anyMatch(line -> line.startsWith("7 bytes of /other on u@h:22 are lost"));
    });
  }

  @Test
  void whatTheServerRefusesIsNamedOnce() throws Exception {
    pace.run(() -> {
      LiveMount live = mount();
      write(create("one"), 0, "dirty");
      write(create("other"), 0, "dirtier");
      network.cut("cut by the test");
      server.unlink(server.root(), FileName.of("one"), pace.caller());
      server.unlink(server.root(), FileName.of("other"), pace.caller());
      live.close();

      assertThat(loggedErrors())
          .hasSize(2)
          .anyMatch(line -> line.contains("5 bytes of /one are lost: "))
          .anyMatch(line -> line.contains("7 bytes of /other are lost: "));
    });
  }

  @Test
  void whoeverClosesItAgainWaitsForTheFirst() throws Exception {
    pace.run(() -> {
      LiveMount live = mount();
      write(create("file"), 0, "dirty");
      silent = true;
      CompletableFuture<Void> first = CompletableFuture.runAsync(live::close, pace);
      pace.sleep(Duration.ofSeconds(1));
      live.close();

      pace.get(first);
      assertThat(loggedErrors()).hasSize(1);
    });
  }
}
