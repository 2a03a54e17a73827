package dev.mooring.harness.swarm;

import java.util.List;

/** Who sets the cluster up: root on n1, who may log in to every node by ssh, as {@code ssh n2}. */
final class Operator {
  Operator(List<Node> nodes) {
    Node home = nodes.getFirst();
    home.sh("mkdir -m 700 /root/.ssh && ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519");
    String key = home.sh("cat /root/.ssh/id_ed25519.pub");
    for (Node node : nodes) {
      home.sh("echo " + node.name() + " " + serve(node, key) + " >>/root/.ssh/known_hosts");
    }
  }

  /** Makes what a node's own sshd needs, and starts it; answers its public key. */
  private static String serve(Node node, String key) {
    node.sh(
        """
        set -e
        mkdir -p /etc/ssh/operator
        ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/operator/host_key
        echo '%s' >/etc/ssh/operator/authorized_keys
        """
            .formatted(key));
    letIn(node);
    return node.sh("cat /etc/ssh/operator/host_key.pub");
  }

  /** Starts a node's own sshd, as at each boot. */
  static void letIn(Node node) {
    node.sh(
        """
        /usr/sbin/sshd -f /dev/null -p 22 -h /etc/ssh/operator/host_key -o UsePAM=no \
          -o StrictModes=no -o PermitRootLogin=yes -o PidFile=none -o MaxStartups=100 \
          -o AuthorizedKeysFile=/etc/ssh/operator/authorized_keys -E /var/log/sshd.log
        """);
  }
}
