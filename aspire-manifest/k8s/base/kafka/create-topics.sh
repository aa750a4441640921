#!/bin/sh
# Creates the topics that do not exist yet. What exists stays as it is: nothing is changed, nothing is dropped.
# A line of the list: name, partitions, replicas, then settings as key=value.
set -eu

export LOG_DIR="$RUN/logs"
mkdir -p "$LOG_DIR"

topics() {
  "$KAFKA_HOME/bin/kafka-topics.sh" --bootstrap-server "$BROKERS" --command-config "$CLIENT_SETTINGS" "$@"
}

# Replicas are placed on the brokers that are there, so all must be.
waited=0
while true; do
  brokers=$("$KAFKA_HOME/bin/kafka-broker-api-versions.sh" --bootstrap-server "$BROKERS" --command-config "$CLIENT_SETTINGS" 2>/dev/null | grep -c '(id: ') || brokers=0
  [ "$brokers" -ge "$BROKER_COUNT" ] && break
  if [ "$waited" -ge "$WAIT_SECONDS" ]; then
    echo "create-topics: $brokers of $BROKER_COUNT brokers after $WAIT_SECONDS s" >&2
    exit 1
  fi
  echo "create-topics: $brokers of $BROKER_COUNT brokers"
  sleep 5
  waited=$((waited + 5))
done

while read -r name partitions replicas settings; do
  case "$name" in '' | '#'*) continue ;; esac
  set --
  for setting in $settings; do set -- "$@" --config "$setting"; done
  topics --create --if-not-exists --topic "$name" --partitions "$partitions" --replication-factor "$replicas" "$@" < /dev/null
done < "$TOPICS"
topics --describe < /dev/null
