"""The command line from end to end on a small estate, recorded in a real MLflow on SQLite."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import joblib
import pytest

from app.cli import main
from app.cli.screen import table
from app.retraining import Retraining
from forecast_core.errors import ModelError
from forecast_core.history import History
from tests.builders import estate, store

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point the settings at a workspace with one small data set; return its id."""
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path))
    for name in ("MLFLOW_TRACKING_URI", "MODEL_NAME", "MODEL_STAGE"):
        monkeypatch.delenv(name, raising=False)
    return store(tmp_path, "small", History.of(estate(["A", "B", "C"], 16)))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return `run(*arguments)`: exit code and standard output."""

    def ran(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        return code, capsys.readouterr().out

    return ran


def test_train_compare_promote_rollback_card(workspace: str, run: Run, tmp_path: Path) -> None:
    data = ("--data", workspace)
    code, out = run("train", *data, "--json", "--joblib", str(tmp_path / "asked"))
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and lines[-1]["outcome"]["champion"] == f"{workspace}-v1"
    assert [line["progress"]["done"] for line in lines[:-1]] == list(range(1, 23))
    assert len(list((tmp_path / "asked").glob("*.joblib"))) == 11
    assert type(joblib.load(tmp_path / "asked" / "tuned_forest.joblib")).__name__ == "RandomForestRegressor"

    code, out = run("compare", *data)
    assert code == 0 and "Original proof of concept" in out and "(answers)" in out
    code, out = run("compare", *data, "--json")
    assert code == 0 and len(json.loads(out)["models"]) == 11

    assert run("train", *data)[0] == 0
    code, out = run("rollback", *data, "--reason", "to try it", "--json")
    assert code == 0 and json.loads(out)["outcome"]["champion"] == f"{workspace}-v1"
    code, out = run("promote", f"{workspace}-v2", *data, "--reason", "back again")
    assert code == 0 and f"{workspace}-v2" in out
    code, out = run("card", *data)
    assert code == 0 and "**Limits**" in out
    code, out = run("card", f"{workspace}-v1", *data, "--json")
    assert code == 0 and json.loads(out)["version"] == f"{workspace}-v1"
    _recorded(tmp_path, workspace)


def _recorded(folder: Path, workspace: str) -> None:
    """What MLflow holds after two trainings, a rollback and a promotion."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow.tracking import MlflowClient

        uri = f"sqlite:///{folder / 'mlflow.db'}"
        client = MlflowClient(uri, uri)
        name = f"archive-forecast-{workspace}"
        experiment = client.get_experiment_by_name(name)
        assert experiment is not None
        runs = client.search_runs([experiment.experiment_id], max_results=100)
        tops = [found for found in runs if "mlflow.parentRunId" not in found.data.tags]
        assert len(tops) == 2 and len(runs) == 24
        kept = {item.path for item in client.list_artifacts(tops[0].info.run_id)}
        assert {"model", "model_card.json", "feature_quantiles.json", "environment.json", "plots"} <= kept
        assert tops[0].data.metrics["wape_archived"] > 0
        aliased = client.get_model_version_by_alias(name, "champion")
        assert aliased.tags["published"] == f"{workspace}-v2" and aliased.current_stage in ("None", None)


def test_a_registry_that_is_down_is_named_and_nothing_waits_for_it(
    workspace: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    code, out = run("train", "--data", workspace, "--json")
    outcome = json.loads(out.splitlines()[-1])["outcome"]
    assert code == 3 and outcome["champion"] == f"{workspace}-v1"
    assert "127.0.0.1:9" in outcome["registry_note"] and "served all the same" in outcome["registry_note"]


def test_errors_are_said_in_three_parts_and_end_in_one(
    workspace: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run("card", "--data", workspace, "--json")
    assert code == 1 and json.loads(out)["error"]["hint"] == "Train first."
    assert main(["promote", "--data", workspace, "--reason", "x"]) == 1
    assert "error: There is no challenger to promote." in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["promote"])
    assert stopped.value.code == 2


def test_a_file_without_signal_has_its_own_exit_code(run: Run, workspace: str, tmp_path: Path) -> None:
    rows = estate(["A", "B", "C"], 30)
    flat = [((7919 * index) % 97) + 1.0 for index in range(len(rows))]
    noise = store(tmp_path, "noise", History.of(rows.assign(archived_gb=flat, savings_gb=[gb / 2 for gb in flat])))
    code, out = run("compare", "--data", noise)
    assert code == 4 and out.startswith("No model beats guessing the mean; this file holds no signal.")


def test_columns_line_up() -> None:
    assert table([["a", "bb"], ["ccc", "d"]]) == "a    bb\nccc   d"


def test_a_training_beside_the_app_reports_and_can_be_cancelled(workspace: str, tmp_path: Path) -> None:
    job = Retraining()
    job.start("train", "--data", workspace)
    with pytest.raises(ModelError, match="trained already"):
        job.start("train", "--data", workspace)
    end = time.monotonic() + 60
    while job.run.done == 0 and job.run.is_running and time.monotonic() < end:
        time.sleep(0.05)
    assert job.run.is_running and job.run.total == 22 and job.run.what.endswith("raced")
    job.cancel()
    assert job.wait(30).state == "cancelled"
    assert not list((tmp_path / "models").glob("*-v*")), "what was not published is gone"


def test_a_command_that_is_refused_says_why(workspace: str) -> None:
    job = Retraining()
    job.start("promote", "--data", workspace, "--reason", "x")
    end = time.monotonic() + 60
    while job.run.is_running and time.monotonic() < end:
        time.sleep(0.05)
    assert job.run.state == "failed" and job.run.said.startswith("There is no challenger to promote.")


def test_the_web_process_never_loads_mlflow(workspace: str) -> None:
    """It reads a published model, answers, draws the Models page's view, and still has neither MLflow nor skops."""
    program = (
        "import sys, app.asgi\n"
        "from app import state, models, retraining\n"
        "state.house().warm()\n"
        "state.house().models_of('demo')\n"
        "print([name for name in ('mlflow', 'skops') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_what_people_keep_is_backed_up_and_put_back(workspace: str, run: Run, tmp_path: Path) -> None:
    from app.cli.service import service
    from forecast_core import Asked, Author, baseline

    kept = service().kept
    asked = Asked(baseline(service().ranges(workspace, "ALL")))
    first = kept.keep("First", asked, "A sentence.", "", Author("Ann", datetime(2026, 11, 2, tzinfo=UTC)))
    code, out = run("store", "backup", str(tmp_path / "store.zip"))
    assert code == 0 and "1 of scenario" in out
    code, _ = run("store", "restore", str(tmp_path / "store.zip"))
    assert code == 1, "there is something already"
    code, out = run("store", "restore", str(tmp_path / "store.zip"), "--replace", "--json")
    assert code == 0 and json.loads(out)["backup"]["rows"]["scenario"] == 1
    assert service().kept.get(first.id) == first
