#!/usr/bin/env bash
# Lays out in FOLDER what Azure runs as Functions: `deploy/functions/pack.sh FOLDER`; PYTHON (3.12) must be the version of functions.tf.
set -euo pipefail
folder=$(realpath --canonicalize-missing "${1:?the folder to fill}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
libraries=$folder/.python_packages/lib/site-packages

mkdir -p "$libraries"
"${PYTHON:-python3.12}" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-compile --require-hashes --only-binary=:all: \
  --target "$libraries" --requirement deploy/functions/requirements.txt
find "$libraries" -type d \( -name tests -o -path '*/pyarrow/include' \) -prune -exec rm -rf {} +
rm -rf "$libraries/bin"
cp deploy/functions/{function_app.py,host.json} "$folder"
cp -r forecast_core app models "$folder"
find "$folder" -name __pycache__ -type d -prune -exec rm -rf {} +
du --summarize --block-size=1MB "$folder" | awk '{print $1 " MB"}'
