"""Where the tools are that `make slow` installs, and how the tests call them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools"
PYTHON = TOOLS / "venv" / "bin" / "python"
MOTO = TOOLS / "venv" / "bin" / "moto_server"
AZURITE = TOOLS / "node" / "node_modules" / ".bin" / "azurite-blob"


def call(command: Sequence[str | Path], folder: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said; a name alone is looked for among the tools first."""
    program = TOOLS / "venv" / "bin" / command[0]
    first = program if program.exists() else command[0]
    return subprocess.run(
        [first, *command[1:]], cwd=folder, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )


def is_here(program: str) -> bool:
    """Return whether a program that `make slow` cannot install is on this machine."""
    return shutil.which(program) is not None
