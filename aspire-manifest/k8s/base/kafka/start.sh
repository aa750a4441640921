#!/bin/sh
# Gives a broker its number and the names under which it is called, formats its volume once, and starts it.
set -eu

node="${HOSTNAME##*-}"
case "$node" in
  '' | *[!0-9]*)
    echo "start: the host name '$HOSTNAME' does not end in an ordinal" >&2
    exit 2
    ;;
esac

# The JVM's own files need a folder that can be written to.
export LOG_DIR="$RUN/logs"
mkdir -p "$LOG_DIR"

{
  cat "$SETTINGS"
  printf 'node.id=%s\n' "$node"
  printf 'advertised.listeners=CLIENTS://%s.%s:9092\n' "$HOSTNAME" "$PEER_DOMAIN"
  printf 'controller.quorum.voters='
  voter=0
  while [ "$voter" -lt "$VOTERS" ]; do
    [ "$voter" -eq 0 ] || printf ','
    printf '%s@%s-%s.%s:9093' "$voter" "${HOSTNAME%-*}" "$voter" "$PEER_DOMAIN"
    voter=$((voter + 1))
  done
  printf '\n'
} > "$RUN/server.properties"

# A volume that is formatted stays as it is; one of another cluster is refused.
"$KAFKA_HOME/bin/kafka-storage.sh" format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$RUN/server.properties"
exec "$KAFKA_HOME/bin/kafka-server-start.sh" "$RUN/server.properties"
