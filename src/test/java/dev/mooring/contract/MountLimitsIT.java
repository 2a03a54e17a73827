package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.testing.Command;
import dev.mooring.testing.SemanticsRow;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs are told through a real mount where SFTP cannot carry what they want. */
class MountLimitsIT {

  abstract static class Mounted {
    private final Function<SystemPace, FuseBinding> binding;
    @TempDir private Path directory;
    private Path served = Path.of("");
    private Path mount = Path.of("");
    private RealMount mounted;

    Mounted(Function<SystemPace, FuseBinding> binding) {
      this.binding = binding;
    }

    @BeforeEach
    void mount() throws Exception {
      served = Files.createDirectory(directory.resolve("served"));
      mount = Files.createDirectory(directory.resolve("mnt"));
      Files.writeString(served.resolve("file"), "content");
      mounted = new RealMount(binding, served, mount);
    }

    @AfterEach
    void unmount() {
      mounted.close();
    }

    @Test
    @SemanticsRow("missing.special-files")
    void fifosSocketsAndDevicesAreNotPermitted() throws Exception {
      assertThatThrownBy(() -> Command.run("mkfifo", mount.resolve("fifo").toString()))
          .hasMessageContaining("Operation not permitted");
      assertThatThrownBy(() -> Command.run("mknod", "" + mount.resolve("device"), "c", "1", "3"))
          .hasMessageContaining("Operation not permitted");
      try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        assertThatThrownBy(() -> socket.bind(UnixDomainSocketAddress.of(mount.resolve("socket"))))
            .hasMessageContaining("Operation not permitted");
      }
      assertThat(served).isDirectoryNotContaining("glob:**{fifo,socket,device}");
    }

    @Test
    @SemanticsRow("open.irregular")
    void aFifoOfTheServerIsOneOfThisMachineHere() throws Exception {
      Command.run("mkfifo", served.resolve("fifo").toString());
      String script = "exec 3<>" + mount.resolve("fifo") + "; echo through >&3; head -n1 <&3";
      assertThat(Command.run("sh", "-c", script)).isEqualTo("through\n");
    }

    @Test
    @SemanticsRow("missing.xattr")
    void extendedAttributesAreNotSupported() {
      UserDefinedFileAttributeView attributes =
          Files.getFileAttributeView(mount.resolve("file"), UserDefinedFileAttributeView.class);

      assertThatThrownBy(attributes::list)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not supported");
    }

    @Test
    @SemanticsRow("missing.nanoseconds")
    void timesAreWholeSeconds() throws Exception {
      Path file = mount.resolve("file");
      Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1000, 999_999_999)));

      assertThat(Files.getLastModifiedTime(file).toInstant())
          .isEqualTo(Instant.ofEpochSecond(1000));
    }

    @Test
    @SemanticsRow("write.sync-directory")
    void aDirectoryCanBeSynced() throws Exception {
      try (FileChannel directory = FileChannel.open(mount, StandardOpenOption.READ)) {
        directory.force(true);
      }
      assertThat(mount.resolve("file")).hasContent("content");
    }

    @Test
    @SemanticsRow("missing.locks")
    void locksHoldOnThisMachine() throws Exception {
      Path file = mount.resolve("file");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        assertThat(channel.lock().isValid()).isTrue();
        // A lock of fcntl(2), as the one above, taken by another process.
        assertThatThrownBy(() ->
                Command.run(
                    "python3", "-c", "import fcntl; fcntl.lockf(open('" + file + "', 'r+'), 6)"))
            .hasMessageContaining("BlockingIOError");
      }
      assertThat(Command.run("flock", "-n", file.toString(), "echo", "free")).contains("free");
      // The server's side knows nothing of it.
      assertThat(Command.run("flock", "-n", served.resolve("file").toString(), "echo", "free"))
          .contains("free");
    }

    @Test
    @SemanticsRow("missing.notify")
    void onlyChangesMadeHereAreNotified() throws Exception {
      try (WatchService watch = FileSystems.getDefault().newWatchService()) {
        mount.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        Files.writeString(served.resolve("made-there"), "");
        Files.writeString(mount.resolve("made-here"), "");

        var key = watch.poll(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
        assertThat(key).isNotNull();
        assertThat(key.pollEvents())
            .extracting(event -> String.valueOf(event.context()))
            .containsExactly("made-here");
      }
    }

    @Test
    @SemanticsRow("write.mapped")
    void whatIsWrittenThroughAMappingArrivesWithMsync() throws Exception {
      try (Arena arena = Arena.ofConfined();
          FileChannel file =
              FileChannel.open(
                  mount.resolve("file"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        MemorySegment mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, 7, arena);
        mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 'C');
        mapped.force();
        assertThat(served.resolve("file")).hasContent("Content");
      }
    }

    @Test
    @SemanticsRow({"symlink.contained", "symlink.own"})
    void aTreeWithLinksGoesThereAndBack() throws Exception {
      Path tree = Files.createDirectories(directory.resolve("tree/node_modules/.bin"));
      Files.createDirectories(tree.resolve("../tool/bin"));
      Files.writeString(tree.resolve("../tool/bin/run.js"), "#!/bin/sh\necho it runs\n");
      Command.run("chmod", "755", tree.resolve("../tool/bin/run.js").toString());
      Files.createSymbolicLink(tree.resolve("run"), Path.of("../tool/bin/run.js"));
      Files.createSymbolicLink(directory.resolve("tree/localtime"), Path.of("/etc/localtime"));
      String from = directory.resolve("tree").toString();
      String back = directory.resolve("back").toString();
      Command.run("rsync", "-a", from, mount.toString());
      Command.run("rsync", "-a", mount.resolve("tree") + "/", back);

      assertThat(Command.run("diff", "-r", "--no-dereference", from, back)).isEmpty();
      assertThat(Command.run(mount.resolve("tree/node_modules/.bin/run").toString()))
          .isEqualTo("it runs\n");
      assertThat(Command.run("rsync", "-ai", from, mount.toString())).isEmpty();
      Command.run("rm", "-r", from, back, mount.resolve("tree").toString());
    }

    @Test
    @SemanticsRow("mode.suid-write")
    void writingTakesSetuidAway() throws Exception {
      Path file = mount.resolve("file");
      Command.run("chmod", "755", directory.toString());
      Command.run("chmod", "6777", file.toString());
      Command.run("setpriv", "--reuid", "1000", "--clear-groups", "sh", "-c", "echo >> " + file);

      assertThat(Command.run("stat", "-c", "%a", file.toString())).isEqualTo("777\n");
    }

    /** execve(2) closes the file; /proc tells nothing of flags of that process until it is done. */
    @Test
    void aProgramMayBecomeAnotherWithUnwrittenFilesOpen() throws Exception {
      String script =
          """
          import os
          for i in range(20):
              if os.fork() == 0:
                  file = os.open('%s/' + str(i), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)
                  os.write(file, b'content')
                  os.execv('/bin/true', ['true'])
              assert os.wait()[1] == 0
          """
              .formatted(mount);
      assertTimeoutPreemptively(Duration.ofSeconds(30), () -> Command.run("python3", "-c", script));
      assertThat(served.resolve("19")).hasContent("content");
    }

    @Test
    @SemanticsRow("coherence.tail")
    void tailFollowsWhatTheServerAppends() throws Exception {
      Path file = mount.resolve("file");
      Process tail = new ProcessBuilder("tail", "-f", "-s", "0.2", file.toString()).start();
      try (var lines = tail.inputReader()) {
        char[] first = new char[7];
        assertThat(lines.read(first)).isEqualTo(7);
        Files.writeString(served.resolve("file"), " more\n", StandardOpenOption.APPEND);
        assertThat(lines.readLine()).isEqualTo(" more");
      } finally {
        tail.destroyForcibly().waitFor();
      }
    }
  }

  /** Through the kernel binding. */
  @Nested
  class Kernel extends Mounted {
    Kernel() {
      super(KernelFuseBinding::new);
    }
  }

  /** Through libfuse 2. */
  @Nested
  class Jnr extends Mounted {
    Jnr() {
      super(JnrFuseBinding::new);
    }
  }
}
