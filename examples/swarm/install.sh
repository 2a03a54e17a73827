#!/bin/sh
# The plugin on every node, with the keys.
set -eu
plugin/install-on-nodes.sh "$KEYS" $NODES
