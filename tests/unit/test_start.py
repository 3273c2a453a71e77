"""What a start loads until the app can answer: counts, because seconds depend on the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from forecast_core import Service

ROOT = Path(__file__).resolve().parents[2]
# Each costs between a twentieth and a whole second, and none is needed to answer with a model that was learned before.
LATER = [
    *("azure", "cryptography", "jwt", "mlflow", "psycopg"),
    *("joblib", "scipy.linalg", "scipy.optimize", "scipy.sparse", "scipy.stats", "skops", "sklearn"),
    *("duckdb", "sqlglot"),
    *("fpdf", "lxml", "matplotlib", "pptx", "xlsxwriter"),
]
PROGRAM = f"""
import sys, gc, app.asgi
assert gc.isenabled()
from app.state import services
services.doors()
services.house().warm()
print([name for name in {LATER!r} if name in sys.modules])
"""


def test_a_start_with_a_kept_model_loads_nothing_that_only_learning_or_an_export_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Service(tmp_path, np.datetime64("2026-11", "M")).warm()
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
