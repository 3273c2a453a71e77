#!/usr/bin/env bash
# Runs the image as Azure does, with less than it grants: nobody's user, a root that cannot be written, no capability. Tries it, stops it.
#
# Prints what was measured; ends with 1 where something does not hold. With a command it runs that while the app is up
# (its address in APP_URL), before the app is stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/image/engine.sh
source deploy/image/engine.sh
PORT=${PORT:-18501}
MOST_SECONDS=${MOST_SECONDS:-60} # generous: a busy machine proves nothing about speed

if has_docker; then
  ENGINE=(docker)
  LIMITS=()
else
  need podman runc
  ENGINE=("${PODMAN[@]}")
  LIMITS=(--ulimit nofile=10000:10000 --ulimit nproc=10000:10000)
fi

began=$(date +%s%N)
app=$("${ENGINE[@]}" run --detach --network host "${LIMITS[@]}" --read-only --tmpfs /tmp --cap-drop ALL \
  --security-opt no-new-privileges --env PORT="$PORT" "$IMAGE")
trap '"${ENGINE[@]}" rm --force "$app" >/dev/null 2>&1' EXIT
python3 deploy/smoke.py "http://127.0.0.1:$PORT" --wait "$MOST_SECONDS" || { "${ENGINE[@]}" logs "$app" >&2; exit 1; }
ready=$((($(date +%s%N) - began) / 1000000))
inside() { "${ENGINE[@]}" exec "$app" "$@"; }
cpu=$(inside awk '{print ($14 + $15) * 10}' /proc/1/stat) # in hundredths of a second
echo "healthy after $ready ms, with $cpu ms of CPU"

[[ $(inside id -u) == 10001 ]] || { echo "does not run as its own user" >&2; exit 1; }
[[ $(inside awk '/^CapEff/ {print $2}' /proc/1/status) =~ ^0+$ ]] || { echo "holds a capability" >&2; exit 1; }
if inside touch /srv/app/x 2>/dev/null; then echo "can write to itself" >&2; exit 1; fi
inside sh -c 'touch /data/x && rm /data/x'
if ! has_docker; then "${ENGINE[@]}" healthcheck run "$app"; fi
(($# == 0)) || APP_URL="http://127.0.0.1:$PORT" "$@"

began=$(date +%s%N)
"${ENGINE[@]}" stop --time 20 "$app" >/dev/null
echo "stopped after $((($(date +%s%N) - began) / 1000000)) ms"
code=$("${ENGINE[@]}" inspect "$app" --format '{{.State.ExitCode}}')
[[ $code == 0 ]] || { echo "ended with $code instead of 0 when asked to stop" >&2; exit 1; }
