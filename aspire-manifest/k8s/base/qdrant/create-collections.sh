#!/bin/sh
# Creates the collections that do not exist yet. What exists stays as it is: nothing is changed, nothing is dropped.
set -eu

fail() {
  echo "create-collections: $1" >&2
  exit 1
}

# From a file that only this user can read: a key on a command line could be read by everybody who sees processes.
(umask 077 && printf 'api-key: %s\n' "$(cat "$API_KEY_FILE")" > "$RUN/headers")

call() {
  curl --silent --show-error --max-time 60 --header "@$RUN/headers" --header 'content-type: application/json' "$@"
}

# Shards are spread over the peers that are there, so all must be.
waited=0
while true; do
  peers=$(call "$QDRANT_URL/cluster" | grep -o '"uri":' | wc -l) || peers=0
  [ "$peers" -ge "$PEERS" ] && break
  [ "$waited" -lt "$WAIT_SECONDS" ] || fail "$peers of $PEERS peers after $WAIT_SECONDS s"
  echo "create-collections: $peers of $PEERS peers"
  sleep 5
  waited=$((waited + 5))
done

for file in "$COLLECTIONS"/*.json; do
  name=$(basename "$file" .json)
  status=$(call --output /dev/null --write-out '%{http_code}' "$QDRANT_URL/collections/$name")
  case "$status" in
    200) echo "create-collections: '$name' exists" ;;
    404)
      answer=$(call --request PUT --data-binary "@$file" --write-out '\n%{http_code}' "$QDRANT_URL/collections/$name?timeout=60")
      case "${answer##*
}" in
        200) echo "create-collections: '$name' is created" ;;
        409) echo "create-collections: '$name' was created meanwhile" ;;
        *) fail "'$name' cannot be created: $answer" ;;
      esac
      ;;
    *) fail "'$name' cannot be asked for: status $status" ;;
  esac
done
