package dev.mooring.differential;

import dev.mooring.contract.Posix;
import dev.mooring.contract.SyscallPosix;
import dev.mooring.fs.ErrnoException;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One of the mounts that are compared, and the directory that it shows. */
public final class Rival implements AutoCloseable {
  private final Path served;
  private final Path mountPoint;
  private final Log log;
  private final Again again;
  private final OpenSshServer server;
  private final SyscallPosix posix;
  private final SyscallPosix behind;

  /** What it has had to say so far. */
  interface Log {
    String read() throws IOException;
  }

  /** Makes another mount of the same directory. */
  interface Again {
    Rival mount() throws IOException, ErrnoException;
  }

  Rival(OpenSshServer server, Path served, Path mountPoint, Log log, Again again, Closeable end)
      throws ErrnoException {
    this.server = server;
    this.served = served;
    this.mountPoint = mountPoint;
    this.log = log;
    this.again = again;
    this.posix = new SyscallPosix(mountPoint, end);
    this.behind = new SyscallPosix(served, () -> {});
  }

  /** An errno that no file system of ours answers, in the words of its message's end. */
  public static String foreignErrno(AssertionError unknown) {
    String message = "" + unknown.getMessage();
    return message.substring(message.lastIndexOf(": ") + 2);
  }

  /** System calls on the mount. */
  public Posix posix() {
    return posix;
  }

  /** System calls of another, on the server itself. */
  public Posix behind() {
    return behind;
  }

  /** A path of the server. */
  public Path served(String path) {
    return served.resolve(path);
  }

  /** A path of the mount. */
  public Path mounted(String path) {
    return mountPoint.resolve(path);
  }

  /** What it has warned of. */
  String log() throws IOException {
    return log.read();
  }

  /** Another mount of the same directory with the same options. */
  Rival again() throws IOException, ErrnoException {
    return again.mount();
  }

  /** How many connections the server has, of whomever. */
  long connections() {
    return server.connections();
  }

  /** Where the server's program keeps notes. */
  static Path notes(Path served) {
    return served.resolveSibling(served.getFileName() + ".notes");
  }

  /** What the server's program has noted down. */
  List<String> notes() throws IOException {
    Path notes = notes(served);
    return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
  }

  /** Ends the server's processes that have noted themselves down. */
  void kill() throws IOException {
    servers().forEach(ProcessHandle::destroyForcibly);
  }

  /** Stops them where they are, or lets them go on. */
  void signal(String signal) throws IOException {
    for (ProcessHandle process : servers()) {
      Command.run("kill", "-" + signal, "" + process.pid());
    }
  }

  private List<ProcessHandle> servers() throws IOException {
    return notes().stream()
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
        .filter(process ->
            OpenSshServer.EXTERNAL_SFTP_SERVER.equals(process.info().command().orElse("")))
        .toList();
  }

  @Override
  public void close() throws IOException {
    behind.close();
    posix.close();
  }
}
