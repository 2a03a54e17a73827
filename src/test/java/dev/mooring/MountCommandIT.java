package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a person uses it: a process, a real sshd, a real mount. */
class MountCommandIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int BLOCK = 100_000;

  /** Marks the processes of this test: the JVM's arguments are handed to the one behind. */
  private final String mark = "-Dmooring.test=" + UUID.randomUUID();

  @TempDir Path directory;
  private Path served = Path.of("");
  private Path mountPoint = Path.of("");
  private OpenSshServer server;

  /** What a process left. */
  record Outcome(int status, String output) {}

  MountCommandIT() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
    server = OpenSshServer.start();
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    served = Files.createDirectory(directory.resolve("served"));
    mountPoint = Files.createDirectory(directory.resolve("mnt"));
    Files.writeString(served.resolve("letter"), "from the server");
  }

  @AfterEach
  void stop() throws Exception {
    if (isMounted()) {
      Command.run("umount", "-l", mountPoint.toString());
    }
    server.close();
  }

  @Test
  void inTheBackgroundItReturnsWhenTheMountIsUsableAndEndsWhenUnmounted() throws Exception {
    Outcome mounted = mooring("root@127.0.0.1:" + served);

    assertThat(mounted).isEqualTo(new Outcome(0, ""));
    assertThat(mountPoint.resolve("letter")).hasContent("from the server");
    Files.writeString(mountPoint.resolve("answer"), "from the client");
    assertThat(served.resolve("answer")).hasContent("from the client");

    Command.run("umount", mountPoint.toString());
    await().atMost(SOON).until(() -> marked().isEmpty());
  }

  @Test
  void theArgumentsDoNotStayOnTheCommandLine() throws Exception {
    mooring("-o", "password=s3cret", "root@127.0.0.1:" + served);

    assertThat(marked()).singleElement().asString().doesNotContain("s3cret").contains("mount");

    Command.run("umount", mountPoint.toString());
    await().atMost(SOON).until(() -> marked().isEmpty());
  }

  @Test
  void inTheForegroundItUnmountsWhenItIsTerminated() throws Exception {
    Process process = start("-f", "root@127.0.0.1:" + served);
    await().atMost(SOON).until(this::isMounted);

    process.destroy();

    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(isMounted()).isFalse();
  }

  @Test
  void whatAWriterWasToldIsWrittenIsThereAfterATermination() throws Exception {
    Process process = start("-f", "root@127.0.0.1:" + served);
    await().atMost(SOON).until(this::isMounted);
    AtomicLong acknowledged = new AtomicLong();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> write(acknowledged, process.onExit()));
    await().atMost(SOON).until(() -> acknowledged.get() > 1 << 20);

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    writer.join();
    assertThat(intactBytes(served.resolve("file"))).isGreaterThanOrEqualTo(acknowledged.get());
    assertThat(isMounted()).isFalse();
    assertThat(directory.resolve("output")).content().doesNotContain("ERROR");
  }

  /** Writes until it is cut off, and otherwise has the file open until the other ends. */
  private void write(AtomicLong acknowledged, CompletableFuture<?> end) {
    try (FileChannel file =
        FileChannel.open(
            mountPoint.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (acknowledged.get() < 64 << 20) {
        acknowledged.addAndGet(file.write(bytesAt(acknowledged.get(), BLOCK)));
      }
      end.join();
    } catch (IOException e) {
      assertThat(acknowledged.get()).isPositive(); // The mount has ended under it.
    }
  }

  /** How long a file is that has all its bytes in their places. */
  private static long intactBytes(Path file) throws IOException {
    long intact = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] part = in.readNBytes(BLOCK); part.length > 0; part = in.readNBytes(BLOCK)) {
        assertThat(ByteBuffer.wrap(part).mismatch(bytesAt(intact, part.length))).isEqualTo(-1);
        intact += part.length;
      }
    }
    return intact;
  }

  private static ByteBuffer bytesAt(long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      bytes.put(i, (byte) (31 * ((offset + i) >> 12) + offset + i));
    }
    return bytes;
  }

  @Test
  void whatASilentServerDoesNotTakeIsNamedWithinTenSeconds() throws Exception {
    Process process = start("-f", "root@127.0.0.1:" + served);
    await().atMost(SOON).until(this::isMounted);
    FileChannel file =
        FileChannel.open(
            mountPoint.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.write(bytesAt(0, 1000));
    file.force(true);
    server.suspendSessions();
    file.write(bytesAt(1000, 50_000));

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("output"))
        .content()
        .containsPattern("ERROR \\w+ 50000 bytes of " + served + "/file on root@.* are lost");
    assertThat(isMounted()).isFalse();
    assertThatThrownBy(file::close).isInstanceOf(IOException.class);
  }

  @Test
  void aLinkToADirectoryCanBeMounted() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), served);

    assertThat(mooring("root@127.0.0.1:" + link).status()).isZero();
    assertThat(mountPoint.resolve("letter")).hasContent("from the server");

    Command.run("umount", mountPoint.toString());
    await().atMost(SOON).until(() -> marked().isEmpty());
  }

  @Test
  void inDebugEveryCallIsALineWithoutContents() throws Exception {
    Process process = start("-d", "root@127.0.0.1:" + served);
    await().atMost(SOON).until(this::isMounted);
    assertThat(mountPoint.resolve("letter")).hasContent("from the server");

    process.destroy();

    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("output"))
        .content()
        .contains("letter: ok after ", " open ", " read ")
        .doesNotContain("from the server");
  }

  @Test
  void aMissingDirectoryIsNamedByItsFirstMissingPart() throws Exception {
    Outcome failed = mooring("root@127.0.0.1:" + served + "/no/such");

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.output())
        .startsWith("mooring: remote path failed for ")
        .contains("there is no " + served + "/no;");
    assertThat(isMounted()).isFalse();
  }

  @Test
  void aFileIsNotADirectory() throws Exception {
    Outcome failed = mooring("root@127.0.0.1:" + served.resolve("letter"));

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.output()).contains(served.resolve("letter") + " is not a directory");
  }

  @Test
  void wrongOptionsAreSaidBeforeAnythingIsTried() throws Exception {
    Outcome failed = mooring("-oprot=22", "-o", "no_such", "root@127.0.0.1:" + served);

    assertThat(failed.status()).isEqualTo(2);
    assertThat(failed.output())
        .contains("unknown option prot, did you mean port?")
        .contains("unknown option no_such");
  }

  @Test
  void aHostKeyThatIsNotThePinnedOneIsRefused() throws Exception {
    Outcome failed = mooring("-o", "host_key=SHA256:" + "a".repeat(43), "root@127.0.0.1:" + served);

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.output()).startsWith("mooring: host key failed for ");
  }

  private Outcome mooring(String... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(directory.resolve("output")));
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(mark);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.mooring.Main", "mount", "-p", String.valueOf(server.port())));
    command.addAll(List.of("-o", "IdentityFile=" + server.clientKey()));
    if (!List.of(arguments).toString().contains("host_key=")) {
      command.addAll(List.of("-o", "host_key=" + server.fingerprint()));
    }
    command.addAll(List.of(arguments));
    command.add(mountPoint.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }

  /** The command lines of this test's processes that are running. */
  private List<String> marked() {
    return ProcessHandle.allProcesses()
        .map(process -> Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
        .map(MountCommandIT::text)
        .filter(line -> line.contains(mark))
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // It has just ended.
    }
  }

  private boolean isMounted() {
    return text(Path.of("/proc/mounts")).contains(" " + mountPoint + " ");
  }
}
