#!/bin/sh
# The keys of a cluster: one to log in with, and the file server's own, which every node then demands.
set -eu
mkdir -m 700 "$KEYS"
ssh-keygen -q -t ed25519 -N '' -C mooring -f "$KEYS/id_ed25519"
ssh-keyscan -t ed25519 -p "$PORT" "$SERVER" >"$KEYS/known_hosts"
ssh-keygen -l -f "$KEYS/known_hosts"
