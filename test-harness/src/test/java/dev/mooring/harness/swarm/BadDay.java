package dev.mooring.harness.swarm;

/** What happens to a cluster, and what a container saw of it with vieux/sshfs on the same nodes. */
enum BadDay {
  SESSIONS_KILLED(
      "the server's sessions are killed; sshd is back after 3 s",
      "\"Transport endpoint is not connected\" for ever on every node; after `service update --force`"
          + " containers of two nodes write to the node's own disk, without an error"),
  LINK_DOWN(
      "the server's link is down for 20 s",
      "n1, n2: 26.5 s without an error; a container that starts meanwhile waits 24.6 s or lists an"
          + " empty directory; n3: nothing"),
  SILENT(
      "the server is silent for 60 s",
      "107 s without an error; `volume ls` takes 30 s; after `stack rm` processes that cannot be"
          + " killed"),
  SERVER_OFF(
      "the server's node is off for 15 s, its connections are closed",
      "\"Transport endpoint is not connected\" for ever; tasks that Swarm moves write to the node's"
          + " own disk, without an error"),
  SERVER_GONE(
      "the server's node is off for 15 s, without a word",
      "27 s, then \"Transport endpoint is not connected\" for ever"),
  WORKER_GONE("a worker is off for 15 s", "n2: fine when it is back; others: nothing"),
  DOCKERD_KILLED(
      "dockerd and containerd of n2 are killed, back after 5 s",
      "n2: the old containers write on, beside the new ones; 11 s of errors, then restarted");

  private final String what;
  private final String peer;

  BadDay(String what, String peer) {
    this.what = what;
    this.peer = peer;
  }

  /** What happens. */
  String what() {
    return what;
  }

  /** What a container saw with vieux/sshfs. */
  String peer() {
    return peer;
  }
}
