#!/bin/sh
# Finds out whom this node joins, before it starts: writes that peer's ordinal to $JOIN_FILE, or nothing where this node founds the cluster.
#
# A node that has its raft state knows its peers. One without (new, or its volume was replaced) joins through a node that is ready: a node
# is ready only once it has caught up with its cluster, so at the very first start nobody is. Then node 0 founds the cluster and the
# others wait for it. Node 0 asks long before it does that, because a second cluster would take half of the writes.
#
# A replaced node comes back as a new peer; the old one is still counted until an operator removes it:
#   DELETE /cluster/peer/<old id>?force=true
set -eu

ordinal="${HOSTNAME##*-}"
set_name="${HOSTNAME%-*}"
case "$ordinal" in
  '' | *[!0-9]*)
    echo "find-peer: the host name '$HOSTNAME' does not end in an ordinal" >&2
    exit 2
    ;;
esac

: > "$JOIN_FILE"
if [ -s "$STORAGE/raft_state.json" ]; then
  echo "find-peer: node $ordinal has its raft state and knows its peers"
  exit 0
fi

# Prints the ordinal of a peer that is ready.
ready_peer() {
  peer=0
  while [ "$peer" -lt "$MOST_PEERS" ]; do
    if [ "$peer" -ne "$ordinal" ] && curl --silent --fail --output /dev/null --connect-timeout 1 --max-time 3 "http://$set_name-$peer.$PEER_DOMAIN:6333/readyz"; then
      echo "$peer"
      return 0
    fi
    peer=$((peer + 1))
  done
  return 1
}

waited=0
while true; do
  if found=$(ready_peer); then
    echo "find-peer: node $ordinal joins through node $found"
    echo "$found" > "$JOIN_FILE"
    exit 0
  fi
  if [ "$ordinal" -ne 0 ]; then
    echo "find-peer: nobody is ready, node $ordinal waits for node 0"
    echo 0 > "$JOIN_FILE"
    exit 0
  fi
  if [ "$waited" -ge "$FOUNDING_WAIT_SECONDS" ]; then
    echo "find-peer: nobody was ready for $FOUNDING_WAIT_SECONDS s, node 0 founds the cluster"
    exit 0
  fi
  sleep 5
  waited=$((waited + 5))
done
