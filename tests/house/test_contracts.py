"""Each import contract and each ban breaks when it is violated: a rule that cannot fail is not a rule."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("forecast_core", "app", "pages")
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = {item["id"]: item["name"] for item in TOOLS["importlinter"]["contracts"]}

# contract, module the violation is planted in, what is planted there
PLANTS = [
    ("house", "forecast_core.months", "import app"),
    ("house", "app.planted", "import pages"),
    ("flow", "forecast_core.errors", "import forecast_core.months"),
    ("flow", "forecast_core.features", "def late():\n    import forecast_core.money"),
    ("flow", "forecast_core.corner", "A_MODULE_NOBODY_PLACED = True"),
    ("pure", "forecast_core.history", "import forecast_core.sources"),
    ("pure", "forecast_core.money", "import pathlib"),
    ("pure", "forecast_core.backtest", "def now():\n    import time"),
    ("sources", "forecast_core.sources", "import forecast_core.history"),
    ("ui-free", "forecast_core.scenario", "import streamlit"),
    ("ui-free", "app.text", "import streamlit"),
    ("mlflow", "app.state", "import mlflow"),
    ("sql", "app.state", "import sqlalchemy"),
    ("sql", "forecast_core.service", "def late():\n    import alembic"),
    ("sql", "forecast_core.sources.archive_log", "import sqlglot"),
    ("flow", "forecast_core.store", "def late():\n    import forecast_core.registry"),
    ("invented", "forecast_core.service", "import forecast_core.synthetic"),
    ("front-door", "pages.planted", "from forecast_core.history import History"),
    ("front-door", "pages.planted", "from forecast_core import history"),
    ("pages", "pages.planted", "import pages.simulator"),
]

# rule, file, the line that breaks it
BANS = [
    ("TID251", "pages/planted.py", "import streamlit as st\n\nst.session_state.month = 1"),
    ("TID251", "app/widgets.py", "from streamlit import session_state"),
    ("TID251", "app/main.py", "import streamlit as st\n\nst.query_params.clear()"),
    ("TID251", "pages/planted.py", "import streamlit as st\n\nload = st.cache_data(len)"),
    ("TID251", "app/asgi.py", "import os\n\nport = os.environ['PORT']"),
    ("TID251", "forecast_core/service.py", "import os\n\nport = os.getenv('PORT')"),
    ("TID251", "app/main.py", "import sys\n\nsys.path.append('.')"),
    ("TID251", "app/charts.py", "import plotly.express as px"),
    ("TID251", "tests/unit/test_planted.py", "from unittest.mock import Mock"),
    ("TID252", "forecast_core/money/planted.py", "from . import ledger"),
    ("T201", "app/widgets.py", "print('here')"),
    ("BLE001", "app/widgets.py", "try:\n    1 / 0\nexcept Exception:\n    raise ValueError from None"),
    ("S301", "forecast_core/planted.py", "import pickle\n\npickle.loads(b'')"),
    ("NPY002", "forecast_core/planted.py", "import numpy as np\n\nnp.random.seed(1)"),
    ("PLR0913", "forecast_core/planted.py", "def many(a, b, c, d, e, f, g):\n    return a"),
    (
        "C901",
        "forecast_core/planted.py",
        "def deep(a):\n" + "".join(f"    if a == {n}:\n        a += 1\n" for n in range(8)),
    ),
]
# file where the same is allowed, and what
HOMES = [
    ("app/state/files.py", "import streamlit as st\n\nst.session_state.month = 1"),
    ("forecast_core/settings.py", "import os\n\nport = os.environ['PORT']"),
]


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def clean_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_house_keeps_every_contract(clean_copy: Path) -> None:
    result = _lint_imports(clean_copy)
    assert result.returncode == 0, result.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(CONTRACTS)


def _file_of(module: str, folder: Path) -> Path:
    place = folder / module.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@pytest.mark.parametrize(("contract", "module", "line"), PLANTS)
def test_a_violation_breaks_its_contract(
    clean_copy: Path, tmp_path: Path, contract: str, module: str, line: str
) -> None:
    file = _file_of(module, shutil.copytree(clean_copy, tmp_path / "house"))
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    result = _lint_imports(tmp_path / "house")
    assert result.returncode == 1, result.stdout
    assert f"{CONTRACTS[contract]} BROKEN" in result.stdout


def _ruff(file: str, code: str) -> set[str]:
    """Return the codes that ruff reports for `code` as if it stood in `file`."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--output-format=json",
        "--stdin-filename",
        file,
        "-",
    ]
    result = subprocess.run(command, cwd=ROOT, input=code, capture_output=True, text=True, check=False)
    return {fault["code"] for fault in json.loads(result.stdout)}


@pytest.mark.parametrize(("rule", "file", "code"), BANS)
def test_a_ban_fires(rule: str, file: str, code: str) -> None:
    assert rule in _ruff(file, code)


@pytest.mark.parametrize(("file", "code"), HOMES)
def test_what_is_banned_elsewhere_has_one_home(file: str, code: str) -> None:
    assert "TID251" not in _ruff(file, code)
