# Sourced by build.sh and run.sh: what builds and runs images here, and where it keeps them.
# shellcheck shell=bash
IMAGE=${IMAGE:-localhost/archive-forecast:ci}
WORK=${WORK:-${TMPDIR:-/var/tmp}/archive-forecast-image}
MOST_MB=900
STORE=(--storage-driver overlay --root "$WORK/store" --runroot "$WORK/run")
# shellcheck disable=SC2034
BUILDAH=(buildah "${STORE[@]}")
# shellcheck disable=SC2034
PODMAN=(podman "${STORE[@]}" --cgroup-manager cgroupfs --runtime runc)

has_docker() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

need() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null && continue
    echo "$name is missing: apt-get install --no-install-recommends buildah podman runc crun fuse-overlayfs debootstrap binutils" >&2
    exit 2
  done
}

find_python312() {
  local found
  for found in python3.12 "$HOME"/.pyenv/versions/3.12*/bin/python3.12 /usr/local/bin/python3.12; do
    "$found" -c 'import sys; print(sys.executable)' 2>/dev/null && return
  done
  echo "Python 3.12 is needed to stand in for the base image." >&2
  exit 2
}

report_size() {
  local mb
  mb=$(($(cat) / 1000000))
  echo "$IMAGE: $mb MB"
  ((mb < MOST_MB)) || { echo "more than $MOST_MB MB" >&2; exit 1; }
}
