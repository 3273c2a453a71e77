"""What comes from elsewhere and what must not leave: secrets, model files, the list of licences is in tests/house."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import joblib
import pytest

from forecast_core.shelf import Manifest, Shelf
from tests.deploy.tools import ROOT, call

LOCKS = r"(^|/)(requirements[^/]*|azure-cli)\.txt$"
# Looked at one by one: what stands in examples and tests, what only names a secret, the checksum of the charts' script.
NAMED = (
    r"secret_name|local-only|only-for-this-test|^var\.|^(password|geheim|short|true)$|^p@ss/word:of#this\?test$"
    r"|^OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID$|^T0P/B4R/s3cr3t$|^sha384-|^zc4SwKObGL"
    r"|^fk$|^Eby8vdM02xNO|^correct horse battery$|^s3cret-word$|^other$|^a wrong guess$|^secret$|^perday=9000$"
)


def _secrets(folder: Path) -> dict[str, list[dict[str, object]]]:
    found = call(["detect-secrets", "scan", "--exclude-files", LOCKS, "--exclude-secrets", NAMED], folder)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)["results"]


def test_no_secret_is_in_the_repository() -> None:
    found = [f"{file}:{item['line_number']} {item['type']}" for file, items in _secrets(ROOT).items() for item in items]
    assert found == []


def test_a_planted_secret_is_found(tmp_path: Path) -> None:
    key = "A" + "KIA" + "QYLPMN5HHHFPZAM2"
    (tmp_path / "config.py").write_text(f'aws = "{key}"\n')
    for command in (["git", "init", "--quiet"], ["git", "add", "."]):
        assert call(command, tmp_path).returncode == 0
    assert list(_secrets(tmp_path)) == ["config.py"]


def _model_faults(folder: Path) -> int:
    found = call(["modelscan", "--path", folder, "--reporting-format", "json"])
    assert found.returncode in (0, 1, 3), found.stdout + found.stderr  # 0 clean, 1 found, 3 nothing it knows
    told = found.stdout[found.stdout.index("{") :]
    return json.loads(told)["summary"]["total_issues"]


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("1 + 1",)


@pytest.mark.parametrize("name", ["model.joblib", "model.pkl"])
def test_a_model_that_would_run_something_is_found(tmp_path: Path, name: str) -> None:
    if name.endswith("joblib"):
        joblib.dump(_Bomb(), tmp_path / name)
    else:
        (tmp_path / name).write_bytes(pickle.dumps(_Bomb()))
    assert _model_faults(tmp_path) > 0


def test_what_is_published_runs_nothing(tmp_path: Path) -> None:
    Shelf(tmp_path / "models").publish(Manifest("", "demo", "", "", {}, ""), {"model.json": b"{}"})
    assert _model_faults(tmp_path / "models") == 0
    shutil.copytree(ROOT / "models", tmp_path / "shipped")
    assert _model_faults(tmp_path / "shipped") == 0
