package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.FileSystem;
import dev.mooring.ssh.SubsystemChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * An SFTP server in memory: the real protocol, byte by byte, over channels that need no SSH, in
 * front of any file system of waist A. It carries requests out in order, one at a time, and folds
 * errors into the few statuses that OpenSSH's sftp-server has.
 *
 * <p>What travels is carried by an executor: {@link LockStepPace#network} counts bursts, {@code
 * Runnable::run} answers at once, and a single thread runs freely.
 */
public final class InMemorySftpServer {
  private final FileSystem files;
  private final ServerDialect dialect;
  private final Executor network;
  private volatile Fault.Plan faults = Fault.Plan.NONE;
  private final List<InMemoryChannel> channels = new CopyOnWriteArrayList<>();

  /** One that serves {@code files} from the root on; the login directory is the root too. */
  public InMemorySftpServer(FileSystem files, ServerDialect dialect, Executor network) {
    this.files = files;
    this.dialect = dialect;
    this.network = network;
  }

  /** Opens a channel, with handles of its own. */
  public SubsystemChannel open() {
    return open(network);
  }

  /** The same over a wire of its own. */
  public SubsystemChannel open(Executor wire) {
    InMemoryChannel channel = new InMemoryChannel(this, wire);
    channels.add(channel);
    return channel;
  }

  /** All channels that were opened since the last {@link #cut}, in order. */
  public List<InMemoryChannel> channels() {
    return List.copyOf(channels);
  }

  /** From now on requests meet with these. */
  public void meetWith(Fault.Plan plan) {
    faults = plan;
  }

  Fault.Plan faults() {
    return faults;
  }

  /** Cuts all channels, as a crash of the server would: what has not arrived never does. */
  public void cut(String reason) {
    channels.forEach(channel -> channel.cut(reason));
    channels.clear();
  }

  /** How many handles are open on all channels together. */
  public int openHandles() {
    return channels.stream().mapToInt(InMemoryChannel::openHandles).sum();
  }

  FileSystem files() {
    return files;
  }

  ServerDialect dialect() {
    return dialect;
  }

  /** On whose behalf it works: root, as long as it takes. */
  Caller caller() {
    return new Caller(0, 0, 1, dialect.umask(), Long.MAX_VALUE / 2, true, Cancellation.NEVER);
  }
}
