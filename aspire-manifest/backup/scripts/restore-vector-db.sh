#!/usr/bin/env bash
# Puts a copy of the vector store back, node by node, through the store's own interface: never into its folder.
# Run it where kubectl reaches the region's cluster. It forwards a port to each node, so nothing is opened to the outside.
#   restore-vector-db.sh [--dry-run] <kubectl context> <folder with *.snapshot.gz and SHA256SUMS>
set -euo pipefail

die() { echo "$1" >&2; exit "${2:-1}"; }
run() { if [ "$dry_run" = yes ]; then echo "would run: $*"; else "$@"; fi; }

main() {
  dry_run=no
  if [ "${1:-}" = --dry-run ]; then dry_run=yes; shift; fi
  [ $# -eq 2 ] || die "usage: restore-vector-db.sh [--dry-run] <kubectl context> <folder>" 2
  local context=$1 folder=$2
  [ -f "$folder/complete" ] && [ -f "$folder/SHA256SUMS" ] || die "$folder: no complete copy" 2
  (cd "$folder" && sha256sum --quiet -c SHA256SUMS) || die "$folder: a file is not what was written"

  local key_file
  key_file=$(mktemp)
  trap 'rm -f "$key_file"; [ -z "${forward:-}" ] || kill "$forward" 2> /dev/null || true' EXIT
  if [ "$dry_run" = no ]; then
    printf 'api-key: %s' "$(kubectl --context "$context" --namespace recommendation get secret qdrant --output 'jsonpath={.data.api-key}' | base64 --decode)" > "$key_file"
  fi

  local file name node collection
  for file in "$folder"/*.snapshot.gz; do
    name=$(basename "$file" .snapshot.gz)
    node=${name%%.*}
    collection=${name#*.}
    echo "$node: $collection"
    if [ "$dry_run" = yes ]; then
      echo "would run: gunzip, POST /collections/$collection/snapshots/upload?priority=snapshot to $node"
      continue
    fi
    kubectl --context "$context" --namespace recommendation port-forward "pod/$node" 16333:6333 > /dev/null &
    forward=$!
    for _ in $(seq 50); do curl --silent --output /dev/null "http://127.0.0.1:16333/livez" && break; sleep 0.2; done
    gunzip --stdout "$file" | curl --fail --silent --show-error --header "@$key_file" \
      --form "snapshot=@-;filename=$collection.snapshot" "http://127.0.0.1:16333/collections/$collection/snapshots/upload?priority=snapshot&wait=true" > /dev/null
    curl --fail --silent --show-error --header "@$key_file" "http://127.0.0.1:16333/collections/$collection" | grep -o '"points_count":[0-9]*'
    kill "$forward"; wait "$forward" 2> /dev/null || true
    forward=
  done
}

main "$@"
