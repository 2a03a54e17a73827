#!/bin/sh
# Installs target/plugin on several nodes over ssh, under the same name, with the same keys and settings:
#   plugin/install-on-nodes.sh KEYS [USER@]NODE...
# KEYS is a directory of this machine: private key, known_hosts, password files. On each node it becomes
# /etc/mooring (MOORING_KEYS), to which only root has access. On a node that has the plugin already only
# the keys are renewed. PLUGIN_NAME, PLUGIN_TAG and PLUGIN_SETTINGS are those of plugin/install. A node
# needs docker, tar and an SSH server that lets USER in as root; this machine needs the docker client.
set -eu
if [ $# -lt 2 ] || [ ! -d "$1" ]; then
  echo "usage: plugin/install-on-nodes.sh KEYS [USER@]NODE..." >&2
  exit 2
fi
keys=$1
shift
cd "$(dirname "$0")/.."
name=${PLUGIN_NAME:-mooring/sshfs}:${PLUGIN_TAG:-latest}
directory=${MOORING_KEYS:-/etc/mooring}

# One node. What fails there is said with its name; the others go on.
install_on() {
  DOCKER_HOST=ssh://$1
  export DOCKER_HOST
  if tar -C "$keys" -c . | ssh "$1" "set -e; umask 077; mkdir -p '$directory'
      chmod 700 '$directory'; tar -C '$directory' --no-same-owner -x" &&
    if [ "$(docker plugin inspect -f '{{.Enabled}}' "$name" 2>/dev/null)" = true ]; then
      echo "$name was there and has new keys"
    else
      PLUGIN_SETTINGS="sshkey.source=$directory ${PLUGIN_SETTINGS:-}" plugin/install
    fi
  then
    echo "done"
  else
    echo "FAILED"
    return 1
  fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
running=
for node in "$@"; do
  install_on "$node" >"$work/$node" 2>&1 &
  running="$running $!"
done
result=0
for process in $running; do
  wait "$process" || result=1
done
for node in "$@"; do
  sed "s/^/$node: /" "$work/$node"
done
exit $result
