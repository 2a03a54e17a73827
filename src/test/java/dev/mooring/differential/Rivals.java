package dev.mooring.differential;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.MountFlag;
import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.mount.BindingChoice;
import dev.mooring.mount.LiveMount;
import dev.mooring.mount.Mounter;
import dev.mooring.mount.SftpMounter;
import dev.mooring.ssh.mina.MinaSshConnector;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Random;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * An sshd with mounts of ours and of C sshfs. Each shows a directory of its own, on a tmpfs without
 * times of access: who reads from memory is not to be told from who asks.
 */
public final class Rivals implements AutoCloseable {
  private static final String QUIRKS = "src/test/resources/differential/quirks.py";

  private final SystemPace pace = new SystemPace();
  private final MinaSshConnector connector = new MinaSshConnector();
  private final NativeMemory memory = new NativeMemory(NativeMemory.SHARED_BYTES);
  private final Mounter mounter =
      new SftpMounter(
          connector,
          Map.of(
              BindingChoice.JNR,
              new JnrFuseBinding(pace),
              BindingChoice.KERNEL,
              new KernelFuseBinding(pace, memory)),
          pace,
          new Random(1),
          memory);
  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
  private final OpenSshServer server;
  private int count;

  /** Starts the server. */
  public Rivals() throws IOException {
    server = OpenSshServer.start();
    MountSyscalls.mount(
        "none",
        server.directory(),
        "tmpfs",
        EnumSet.of(MountFlag.NO_ACCESS_TIME),
        "size=64m,mode=755");
    warnings.start();
    logger().addAppender(warnings);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("dev.mooring");
  }

  /** A mount of ours, with options {@code name=value} as a person would give them. */
  public Rival ours(String... options) throws IOException, ErrnoException {
    return ours(newDirectory(), List.of(options));
  }

  /** A mount of ours. */
  Rival ours(Setting setting) throws IOException, ErrnoException {
    Path served = newDirectory();
    return ours(served, options(served, setting.ours(), setting));
  }

  private Rival ours(Path served, List<String> options) throws IOException, ErrnoException {
    Path mountPoint = newMountPoint();
    List<Entry<String, String>> all = new ArrayList<>();
    all.add(Map.entry("sshcmd", "root@127.0.0.1:" + served));
    all.add(Map.entry("port", "" + server.port()));
    all.add(Map.entry("IdentityFile", server.clientKey().toString()));
    all.add(Map.entry("host_key", server.fingerprint()));
    for (String option : options) {
      String[] words = option.split("=", 2);
      all.add(Map.entry(words[0], words.length == 2 ? words[1] : ""));
    }
    OptionContext context =
        OptionContext.commandLine(server.home(), server.home().resolve("remembered"), "root");
    LiveMount live = mounter.mount(new OptionParser(context).parse(all), mountPoint);
    return new Rival(
        server, served, mountPoint, this::warned, () -> ours(served, options), live::close);
  }

  /** A mount of C sshfs. */
  public Rival theirs(String... options) throws IOException, ErrnoException {
    return theirs(newDirectory(), List.of(options));
  }

  /** A mount of C sshfs. */
  Rival theirs(Setting setting) throws IOException, ErrnoException {
    Path served = newDirectory();
    return theirs(served, options(served, setting.theirs(), setting));
  }

  private Rival theirs(Path served, List<String> options) throws IOException, ErrnoException {
    Path mountPoint = newMountPoint();
    Path log = mountPoint.resolveSibling(mountPoint.getFileName() + ".log");
    SshfsMount mount = new SshfsMount(server, served, mountPoint, log, options);
    return new Rival(
        server, served, mountPoint, mount::log, () -> theirs(served, options), mount::close);
  }

  /** With the server's program, if it is to be another. */
  private List<String> options(Path served, List<String> options, Setting setting)
      throws IOException {
    if (setting.server().isEmpty()) {
      return options;
    }
    Path program = server.home().resolve("server" + ++count);
    Files.writeString(
        program,
        """
        #!/bin/sh
        SFTP=%s; QUIRKS="python3 %s"; NOTES=%s
        %s
        """
            .formatted(
                OpenSshServer.EXTERNAL_SFTP_SERVER,
                Path.of(QUIRKS).toAbsolutePath(),
                Rival.notes(served),
                setting.server()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> all = new ArrayList<>(options);
    all.add("sftp_server=" + program);
    return all;
  }

  private Path newDirectory() throws IOException {
    return Files.createDirectory(server.directory().resolve("served" + ++count));
  }

  private Path newMountPoint() throws IOException {
    return Files.createDirectory(server.home().resolve("mount" + ++count));
  }

  private String warned() {
    return warnings.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws IOException {
    logger().detachAppender(warnings);
    connector.close();
    pace.close();
    MountSyscalls.detach(server.directory());
    server.close();
  }
}
