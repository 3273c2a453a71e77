"""The Functions app as it is deployed: packed by the workflow's script, with its own libraries, on Azure's Python."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT, call

VERSION = re.findall(r'functions_python += "([\d.]+)"', (ROOT / "deploy/terraform/functions.tf").read_text())[0]
PYENV = sorted(Path.home().glob(f".pyenv/versions/{VERSION}.*/bin/python{VERSION}"))
PYTHON = str(PYENV[0]) if PYENV else shutil.which(f"python{VERSION}")  # what pyenv puts on the path may not run
MOST_MB = 700


@pytest.mark.skipif(not PYTHON, reason=f"Python {VERSION} is not on this machine")
def test_the_package_answers_and_goes_the_round_without_what_the_pages_need(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    assert PYTHON is not None
    packed = call([ROOT / "deploy" / "functions" / "pack.sh", folder], PYTHON=PYTHON)
    assert packed.returncode == 0, packed.stdout + packed.stderr
    assert int(packed.stdout.split()[0]) < MOST_MB
    done = call(
        [PYTHON, "-B", ROOT / "tests" / "deploy" / "call_functions.py"],
        folder,
        PYTHONPATH=str(folder / ".python_packages" / "lib" / "site-packages"),
        ARCHIVE_FORECAST_DATA_DIR=str(tmp_path / "data"),
        ARCHIVE_FORECAST_SHARED_STORAGE=f"file://{tmp_path / 'shared'}",
        OMP_NUM_THREADS="1",
        **{name: "" for name in os.environ if name.startswith("APPLICATIONINSIGHTS")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told[-1] == {"statuses": [200, 200], "streamlit": False}
    assert next(line["round"] for line in told if "round" in line)["trained"]
    assert list((tmp_path / "shared" / "reports").glob("*.md"))
    assert list((tmp_path / "shared" / "models").glob("*/manifest.json"))
