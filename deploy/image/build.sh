#!/usr/bin/env bash
# Builds the image: with Docker where an engine runs, else with buildah. Prints the name of the image and its size.
#
# Without an engine there is usually no way to the base image either. Then a stand-in is made of Debian bookworm and this machine's own
# Python 3.12: good for every check, never for a release (releases are built by the workflow from the real base).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/image/engine.sh
source deploy/image/engine.sh

if has_docker; then
  docker build --tag "$IMAGE" .
  docker image inspect "$IMAGE" --format '{{.Size}}' | report_size
  exit
fi

need buildah debootstrap strip
mkdir -p "$WORK"
BASE=localhost/python:3.12-slim-bookworm
if ! "${BUILDAH[@]}" inspect --type image "$BASE" >/dev/null 2>&1; then
  python="$(find_python312)"
  prefix="$(dirname "$(dirname "$python")")"
  root="$WORK/root"
  rm -rf "$root"
  libraries=ca-certificates,libssl3,libsqlite3-0,libffi8,libreadline8,libbz2-1.0,liblzma5,zlib1g,libuuid1,libncursesw6,libexpat1,tzdata,netbase
  echo "Making a stand-in for python:3.12-slim-bookworm (once, about a minute)"
  debootstrap --variant=minbase --include="$libraries" bookworm "$root" >"$WORK/debootstrap.log"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  mkdir -p "$root"/usr/local/{bin,lib}
  cp -a "$prefix/bin/python3.12" "$root/usr/local/bin/"
  cp -a "$prefix"/lib/libpython3.12.so* "$root/usr/local/lib/" 2>/dev/null || true # not there where Python is linked statically
  tar -C "$prefix/lib" --exclude=__pycache__ --exclude=test --exclude=tests --exclude=idlelib --exclude=tkinter \
    --exclude=turtledemo --exclude=site-packages --exclude='config-3.12*' -cf - python3.12 | tar -C "$root/usr/local/lib" -xf -
  # As the real one is built: without symbols.
  find "$root/usr/local/lib" -name '*.so*' -type f -exec strip --strip-unneeded {} +
  mkdir -p "$root/usr/local/lib/python3.12/site-packages"
  ln -sf python3.12 "$root/usr/local/bin/python3"
  ln -sf python3 "$root/usr/local/bin/python"
  mkdir -p "$WORK/base"
  tar -C "$root" --exclude='./dev/*' --exclude='./proc/*' -cf "$WORK/base/base.tar" .
  rm -rf "$root"
  cat >"$WORK/base/Dockerfile" <<'END'
FROM scratch
ADD base.tar /
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
RUN ldconfig && python -m ensurepip >/dev/null && ln -sf pip3 /usr/local/bin/pip
CMD ["python3"]
END
  "${BUILDAH[@]}" bud --isolation chroot --format docker --tag "$BASE" "$WORK/base" >"$WORK/base.log"
fi

# The machine's certificates are lent to the build, so that the package index can be reached; they do not stay in the image.
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$WORK/pip.conf"
"${BUILDAH[@]}" bud --isolation chroot --format docker --layers --pull-never --build-arg BASE="$BASE" \
  --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$WORK/pip.conf:/etc/pip.conf:ro" --tag "$IMAGE" . >"$WORK/build.log" 2>&1 \
  || { tail -40 "$WORK/build.log" >&2; exit 1; }
"${PODMAN[@]}" image inspect "$IMAGE" --format '{{.Size}}' | report_size
