#!/usr/bin/env bash
# Moves a region's viewers to the next region before its health check would, or brings them back.
#   failover.sh [--dry-run] away|back <region>
# Needs: aws (Route 53), kubectl with a context named after each region, HOSTED_ZONE_ID in the environment.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
die() { echo "$1" >&2; exit "${2:-1}"; }
run() { if [ "$dry_run" = yes ]; then echo "would run: $*"; else "$@"; fi; }

next_region() {
  case $1 in
    # REGIONS: name, the next region, its servers during a failover, its servers otherwise
    us-east-1) echo eu-west-1 120 40 ;;
    eu-west-1) echo us-east-1 120 80 ;;
    ap-southeast-1) echo us-east-1 100 80 ;;
    *) die "no region '$1'" 2 ;;
  esac
}

main() {
  dry_run=no
  if [ "${1:-}" = --dry-run ]; then dry_run=yes; shift; fi
  [ $# -eq 2 ] || die "usage: failover.sh [--dry-run] away|back <region>" 2
  local direction=$1 region=$2 target servers usual
  local answer
  answer=$(next_region "$region") || exit $?
  read -r target servers usual <<< "$answer"
  local batch="$here/../../dns/failover/$region-$direction.json"
  [ "$direction" = away ] || [ "$direction" = back ] || die "the direction is away or back, not '$direction'" 2
  [ -f "$batch" ] || die "$batch is missing: publish again" 2
  [ -n "${HOSTED_ZONE_ID:-}" ] || die "HOSTED_ZONE_ID is not set" 2

  # Room first, names second. The autoscaler owns the number of replicas, so its lower bound moves, not the number.
  if [ "$direction" = away ]; then
    run kubectl --context "$target" --namespace recommendation patch horizontalpodautoscaler gateway --type merge --patch "{\"spec\":{\"minReplicas\":$servers}}"
    run kubectl --context "$target" --namespace recommendation rollout status deployment/gateway --timeout 5m
  else
    run kubectl --context "$region" --namespace recommendation rollout status deployment/gateway --timeout 5m
  fi
  run aws route53 change-resource-record-sets --hosted-zone-id "$HOSTED_ZONE_ID" --change-batch "file://$batch"
  if [ "$direction" = back ]; then
    run kubectl --context "$target" --namespace recommendation patch horizontalpodautoscaler gateway --type merge --patch "{\"spec\":{\"minReplicas\":$usual}}"
  fi
  echo "done; resolvers follow within 60 s"
}

main "$@"
