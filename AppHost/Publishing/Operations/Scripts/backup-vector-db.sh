#!/bin/sh
# Asks every node of the cluster for a snapshot of its shards of every collection, keeps them under $TO/<time>, and lets the nodes forget
# them. A folder without the file `complete` is no backup.
set -eu
: "${NODES:?}" "${TO:?}" "${KEEP_DAYS:?}" "${KEY_FILE:?}"
url() { echo "${SCHEME:-http}://$1:${PORT:-6333}"; }
call() {
  curl --silent --show-error --fail --retry 3 --retry-connrefused --max-time "${LIMIT_SECONDS:-1800}" ${CA_FILE:+--cacert "$CA_FILE"} \
    --header "@/tmp/key-header" "$@"
}
umask 077
printf 'api-key: %s\n' "$(cat "$KEY_FILE")" > /tmp/key-header

folder="$TO/$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$folder"
count=0
for node in $NODES; do
  names=$(call "$(url "$node")/collections" | tr ',{}[]' '\n\n\n\n\n' | sed -n 's/^"name":"\([A-Za-z0-9_.-]*\)".*/\1/p')
  for collection in $names; do
    answer=$(call --data "" "$(url "$node")/collections/$collection/snapshots?wait=true")
    snapshot=$(echo "$answer" | tr ',{}' '\n\n\n' | sed -n 's/^"name":"\([^"]*\)".*/\1/p')
    sum=$(echo "$answer" | tr ',{}' '\n\n\n' | sed -n 's/^"checksum":"\([0-9a-f]*\)".*/\1/p')
    [ -n "$snapshot" ] || { echo "$node: no snapshot of $collection: $answer" >&2; exit 1; }
    file="$folder/${node%%.*}.$collection.snapshot"
    call --output "$file" "$(url "$node")/collections/$collection/snapshots/$snapshot"
    call --request DELETE "$(url "$node")/collections/$collection/snapshots/$snapshot" > /dev/null
    if [ -n "$sum" ]; then echo "$sum  $file" | sha256sum -c - > /dev/null || { echo "$file: the checksum differs" >&2; exit 1; }; fi
    gzip "$file"
    count=$((count + 1))
  done
done
[ "$count" -gt 0 ] || { echo "no collection was found" >&2; exit 1; }
(cd "$folder" && sha256sum -- *.gz > SHA256SUMS && touch complete)
find "$TO" -mindepth 1 -maxdepth 1 -type d -mtime "+$KEEP_DAYS" -exec rm -rf {} +
echo "$folder: $count snapshots"
