#!/bin/sh
# Starts a node under its stable name; find-peer.sh has said whom it joins.
set -eu

ordinal="${HOSTNAME##*-}"
set_name="${HOSTNAME%-*}"
case "$ordinal" in
  '' | *[!0-9]*)
    echo "start: the host name '$HOSTNAME' does not end in an ordinal" >&2
    exit 2
    ;;
esac

uri() {
  echo "$PEER_SCHEME://$set_name-$1.$PEER_DOMAIN:6335"
}

# Segments are many open files. A limit that cannot be raised is no reason not to start.
ulimit -n 65535 2>/dev/null || echo "start: at most $(ulimit -n) open files" >&2

join=$(cat "$JOIN_FILE")
if [ -n "$join" ]; then
  exec "$QDRANT_PROGRAM" --uri "$(uri "$ordinal")" --bootstrap "$(uri "$join")"
fi
exec "$QDRANT_PROGRAM" --uri "$(uri "$ordinal")"
