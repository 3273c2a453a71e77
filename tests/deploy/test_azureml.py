"""The training pipeline: read as Azure reads it, and run to its end here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.azureml import VERSION
from forecast_core import Service, Settings
from tests.deploy.tools import PYTHON, ROOT, call
from tests.pipeline_runs import fresh_history, run

AZUREML = ROOT / "deploy" / "azureml"
READ = """
import sys
from azure.ai.ml.entities import _load_functions
kind, path = sys.argv[1:]
found = getattr(_load_functions, "load_" + kind)(path)
if kind in ("job", "component"):
    told = found._validate()
    sys.exit(None if told.passed else str(told.error_messages))
"""


def test_azures_own_library_starts_a_schedule_by_the_same_request() -> None:
    read = "import inspect, azure.ai.ml.operations as o; print(inspect.getsource(o.ScheduleOperations.trigger))"
    source = call([PYTHON, "-c", read]).stdout
    assert "/schedules/{name}/trigger" in source
    assert f'"api-version": "{VERSION}"' in source
    assert 'json={"scheduleTime"' in source


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("job", "pipeline.yml"),
        ("schedule", "schedule.yml"),
        ("environment", "environment.yml"),
        ("datastore", "datastore.yml"),
        ("environment", "score-environment.yml"),
        ("online_endpoint", "endpoint.yml"),
        ("online_deployment", "deployment.yml"),
        *(("component", f"components/{path.name}") for path in sorted((AZUREML / "components").glob("*.yml"))),
    ],
)
def test_azure_can_read_it(kind: str, file: str) -> None:
    found = call([PYTHON, "-W", "ignore", "-c", READ, kind, AZUREML / file])
    assert found.returncode == 0, found.stderr


FAULTS = [
    ("pipeline.yml", "      report: ${{parent.jobs.validate.outputs.report}}\n", ""),
    ("components/train.yml", "type: uri_folder", "type: uri_drawer"),
]


@pytest.mark.parametrize(("file", "there", "planted"), FAULTS, ids=["an input is missing", "an unknown type"])
def test_azure_would_refuse_a_planted_fault(tmp_path: Path, file: str, there: str, planted: str) -> None:
    folder = shutil.copytree(AZUREML, tmp_path / "azureml")
    path = folder / file
    text = path.read_text()
    assert there in text
    path.write_text(text.replace(there, planted, 1))
    assert call([PYTHON, "-W", "ignore", "-c", READ, "job", folder / "pipeline.yml"]).returncode != 0


ALL_STEPS = ["ingest", "validate", "train", "evaluate", "register"]


def test_two_months_of_training_end_in_a_model_that_answers(tmp_path: Path) -> None:
    history = fresh_history(tmp_path)
    done, log = run(tmp_path, "first", history=history)
    assert done == ALL_STEPS, log
    dataset = (tmp_path / "first" / "ingest" / "dataset").read_text()
    leaderboard = json.loads((tmp_path / "first" / "evaluate" / "leaderboard").read_text())
    assert leaderboard["dataset"] == dataset and len(leaderboard["models"]) == 11
    assert list((tmp_path / "first" / "train" / "record").glob("mlflow.db"))

    done, log = run(tmp_path, "second", history=history)
    assert done == ALL_STEPS, log
    published = tmp_path / "published"
    assert {path.name for path in published.glob(f"{dataset}-v*")} == {f"{dataset}-v1", f"{dataset}-v2"}
    here = Service.of(Settings(data_dir=tmp_path, models_dir=published), np.datetime64("today", "M"))
    assert here.models.standing(dataset).champion == f"{dataset}-v2"
    assert here.models.current(dataset, here.dataset(dataset).history) is not None
    assert here.models.note(dataset) == ""
