#!/bin/sh
# The stack of the examples, whose writer runs on the node that is labelled.
set -eu
docker node update --label-add files=yes "$WRITER"
SFTP_SOURCE=$ACCOUNT@$SERVER:$DIRECTORY SFTP_PORT=$PORT docker stack deploy -c examples/stack.yml files
