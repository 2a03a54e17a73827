package dev.mooring.fs.remote;

import dev.mooring.fs.ChangeListener;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.Complaints;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import java.util.concurrent.atomic.AtomicReference;

/** What all operations of one file system share. */
record Shared(
    SftpClient client,
    Pace pace,
    RemoteSettings settings,
    Ticks ticks,
    ServerClock clock,
    RememberedOwners owners,
    Wire wire,
    Complaints complaints,
    NodeTable table,
    NodeBudget nodes,
    AttributeView view,
    Refusals refusals,
    Once once,
    Traces traces,
    ReadAhead.Source source,
    Reopening reopening,
    Counters counters,
    AtomicReference<ChangeListener> listener) {

  private static final ChangeListener NOBODY =
      new ChangeListener() {
        @Override
        public void contentChanged(Node node) {}

        @Override
        public void entryChanged(Node dir, FileName name) {}
      };

  static Shared of(
      SftpClient client,
      Pace pace,
      RemoteSettings settings,
      RememberedOwners owners,
      BufferPool pool,
      NodeBudget nodes) {
    Ticks ticks = new Ticks(pace);
    Wire wire = new Wire(pace);
    NodeTable table =
        new NodeTable(
            settings,
            new WriteBehind.Server(client, pace, ticks, settings.transfer()),
            owners,
            nodes);
    boolean readsAhead = !settings.lifetimes().attributes().isZero();
    ReadAhead.Source source =
        new ReadAhead.Source(
            client,
            pace,
            wire,
            ticks,
            pool,
            readsAhead ? settings.transfer().readAheadBytes() : 0,
            settings.lifetimes().attributes(),
            settings.lifetimes().openAttributes());
    ServerClock clock = new ServerClock(pace);
    Reopening reopening = new Reopening(client, pace, clock, settings.recovery(), table::path);
    return new Shared(
        client,
        pace,
        settings,
        ticks,
        clock,
        owners,
        wire,
        new Complaints(client.toString(), pace),
        table,
        nodes,
        new AttributeView(settings),
        new Refusals(client, wire, reopening::openFiles),
        new Once(wire),
        new Traces(client, wire, ticks),
        source,
        reopening,
        new Counters(),
        new AtomicReference<>(NOBODY));
  }

  /** The instant and tick of now, for what we know ourselves. */
  Asked now() {
    return ticks.ask();
  }

  /** Whether a node is elsewhere by now: what was opened there may be another file. */
  boolean hasMoved(RemoteNode node, RemotePath from) {
    try {
      return !table.path(node).equals(from);
    } catch (ErrnoException removed) {
      return false;
    }
  }
}
