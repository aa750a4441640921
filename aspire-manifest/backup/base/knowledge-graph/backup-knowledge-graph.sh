#!/bin/sh
# Copies the database from whichever server answers, checks the copy, and keeps it under $TO.
set -eu
: "${SERVERS:?}" "${TO:?}" "${KEEP_DAYS:?}" "${DATABASE:?}"
mkdir -p "$TO"
neo4j-admin database backup --from="$SERVERS" --to-path="$TO" --type=FULL --compress=true --temp-path=/tmp "$DATABASE"
newest=$(find "$TO" -name "$DATABASE-*.backup" | sort | tail -n 1)
[ -n "$newest" ] || { echo "no copy was written" >&2; exit 1; }
neo4j-admin database check --from-path="$TO" --temp-path=/tmp --report-path=/tmp "$DATABASE"
find "$TO" -name "$DATABASE-*.backup" -mtime "+$KEEP_DAYS" ! -path "$newest" -exec rm -f {} +
echo "$newest"
