#!/bin/sh
# The stack goes, and its volume from every node, so that other driver_opts act next time. The files stay.
set -eu
docker stack rm files
for node in $NODES; do
  # Containers that have just ended hold it for some seconds.
  until docker -H "ssh://$node" volume rm -f files_files; do sleep 1; done
done
