"""Stands in for the commands of the documents, where they would need Azure: `python -m tests.deploy.stand_ins az …`.

In:    a command as the document has it; SCHEMA, the schema of the provider.
Out:   `az` as the real one reads it, up to the point where it wants somebody to be signed in; the real `terraform`
       against the provider's schema, its state on this disk; `archive-forecast` itself.
Never: lets a command pass that the real one would not understand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.deploy.tools import PYTHON, ROOT, TOOLS

AZ = TOOLS / "az" / "bin" / "az"
EXTENSIONS = {"ml", "extension"}  # downloaded at first use; the files they are given are read in test_azureml
UNDERSTOOD = ("az login", "doesn't exist in cloud", "DOCKER_COMMAND_ERROR")  # nobody is signed in; no Docker engine
OVERRIDE = 'terraform {\n  backend "local" {}\n}\n'
NAMES = ("az", "terraform", "archive-forecast")


def install(folder: Path) -> None:
    """Put the commands into a folder, to be the first of PATH."""
    folder.mkdir()
    for name in NAMES:
        place = folder / name
        place.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.deploy.stand_ins {name} "$@"\n')
        place.chmod(0o755)


def az(asked: Sequence[str]) -> int:
    """Let the real `az` read the command; what it understood ends with the wish to be signed in."""
    if asked[0] in EXTENSIONS:
        return 0
    with tempfile.TemporaryDirectory() as kept:
        told = {"AZURE_CONFIG_DIR": kept, "AZURE_CORE_COLLECT_TELEMETRY": "0"}
        done = subprocess.run([AZ, *asked], env={**os.environ, **told}, capture_output=True, text=True, check=False)
    if done.returncode and not any(wish in done.stderr for wish in UNDERSTOOD):
        sys.stderr.write(f"az {' '.join(asked)}\n{done.stderr}")
        return done.returncode
    sys.stdout.write("stand-in\n")
    return 0


def terraform(asked: Sequence[str]) -> int:
    """Run terraform against the schema; the state is here, not where `-backend-config` says."""
    if asked[0] == "init":
        Path("backend_override.tf").write_text(OVERRIDE)
        asked = [*(part for part in asked if not part.startswith("-backend-config=")), "-input=false"]
    stand_in = [PYTHON, ROOT / "tests" / "deploy" / "stand_in.py", os.environ["SCHEMA"], "--", "terraform", *asked]
    real = os.environ["PATH"].partition(":")[2]  # without the folder this was called from
    return subprocess.run(stand_in, env={**os.environ, "PATH": real}, check=False).returncode


def app(asked: Sequence[str]) -> int:
    """Run the app's own command."""
    return subprocess.run([sys.executable, "-m", "app.cli", *asked], check=False).returncode


if __name__ == "__main__":
    sys.exit(dict(zip(NAMES, (az, terraform, app), strict=True))[sys.argv[1]](sys.argv[2:]))
