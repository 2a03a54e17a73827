package dev.mooring.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.contract.WaistPosix;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** The remote file system with its processes in lock-step, and the other client of its server. */
final class Stage {
  final LockStepPace pace = new LockStepPace();
  private final Profile profile;
  private final ReferenceFileSystem files = new ReferenceFileSystem(pace);
  private final InMemorySftpServer server;
  private final SftpChannel channel;
  private final RemoteFileSystem remote;
  private final Processes onMount;
  private final Processes behind;

  Stage(Profile profile, UnaryOperator<FileSystem> fault) throws Exception {
    this.profile = profile;
    server = new InMemorySftpServer(files, profile.dialect(), pace.network());
    channel =
        pace.call(() -> pace.get(SftpChannel.open(server.open(), pace, SftpSettings.DEFAULT, 1)));
    RemoteSettings settings =
        RemoteSettings.of(RemotePath.of("/"))
            .with(profile.lifetimes())
            .with(new RemoteSettings.Symlinks(false, false, false));
    remote = new RemoteFileSystem(channel, pace, settings);
    onMount = new Processes(new WaistPosix(fault.apply(remote), pace, () -> {}), this::sleep);
    behind = new Processes(new WaistPosix(files, pace, () -> {}), this::sleep);
  }

  /** Takes steps at the same time; answers what each caller saw, all having ended. */
  Map<Step, String> take(List<Step> round) throws Exception {
    if (round.getLast().caller() == Step.BEHIND) {
      // What is written behind may come after what others do: that is so on purpose.
      remote.sync(pace.caller());
    }
    Map<Step, CompletableFuture<String>> begun = new LinkedHashMap<>();
    for (Step step : round) {
      CompletableFuture<String> seen = new CompletableFuture<>();
      begun.put(step, seen);
      begin(step, seen, round.size() > 1);
    }
    Map<Step, String> all = new LinkedHashMap<>();
    for (Map.Entry<Step, CompletableFuture<String>> step : begun.entrySet()) {
      String seen = pace.get(step.getValue());
      // Who opens a file while others move it may be told so by either name.
      boolean moved = round.size() > 1 && seen.equals(Errno.ESTALE.name());
      all.put(step.getKey(), moved ? Errno.ENOENT.name() : seen);
    }
    if (round.getLast().caller() == Step.BEHIND) {
      sleep(profile.staleness().toMillis());
    }
    return all;
  }

  /** The other client's call arrives at the server between two bursts of the mount's. */
  private void begin(Step step, CompletableFuture<String> seen, boolean together) {
    if (step.caller() == Step.BEHIND) {
      Runnable call = () -> seen.complete(behind.run(step));
      Executor when = together ? pace.network() : Runnable::run;
      when.execute(call);
    } else if (together) {
      pace.execute(() -> seen.complete(onMount.run(step)));
    } else {
      seen.complete(onMount.run(step));
    }
  }

  /** What the server has at this moment. */
  Map<String, String> tree(Set<String> vague) throws ErrnoException {
    return Tree.of(behind.posix(), vague);
  }

  /** Closes all; nothing may be left. */
  void end() throws Exception {
    onMount.closeAll();
    behind.closeAll();
    // What was opened ahead of a reader is closed within two seconds.
    pace.sleep(Duration.ofSeconds(3));
    assertThat(remote.references()).as("references to nodes").isZero();
    assertThat(server.openHandles()).as("handles on the server").isZero();
    onMount.posix().close();
    behind.posix().close();
    remote.close();
    channel.close();
    files.assertNothingLeft();
  }

  private void sleep(long millis) {
    try {
      pace.sleep(Duration.ofMillis(millis));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
