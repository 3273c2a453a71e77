"""The training pipeline, run here from the YAML that Azure gets: wiring, a whole run, and where it must stop."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.pipeline import WiringError, steps_of
from tests.pipeline_runs import fresh_history, run

ROOT = Path(__file__).parents[2]
AZUREML = ROOT / "deploy" / "azureml"


def test_a_short_history_is_not_trained_on(tmp_path: Path) -> None:
    done, log = run(tmp_path, "short", history=fresh_history(tmp_path, 16), months=24)
    assert done == ["ingest"]
    assert list((tmp_path / "published").iterdir()) == []
    report = json.loads((tmp_path / "short" / "validate" / "report").read_text())
    assert report["unfit"] == ["it has 16 months; needed 24"], log


def test_a_file_that_is_no_history_is_not_kept(tmp_path: Path) -> None:
    wrong = tmp_path / "history.csv"
    wrong.write_text("colour,size\nred,1\n")
    done, log = run(tmp_path, "wrong", history=wrong)
    assert done == []
    assert "blocking" in log


# file, there, planted, what is said
FAULTS = [
    ("pipeline.yml", "parent.jobs.ingest.outputs.workspace", "parent.jobs.ingest.outputs.workplace", "refers to"),
    ("pipeline.yml", "parent.jobs.train.outputs.models", "parent.jobs.trane.outputs.models", "refers to"),
    ("pipeline.yml", "      history: ${{parent.inputs.history}}\n", "      past: 1\n", "ingest lacks history"),
    ("components/train.yml", "${{inputs.dataset}}", "${{inputs.datasets}}", "the command of train uses"),
    ("components/ingest.yml", "inputs:", "inputs:\n  more: {type: string}", "ingest lacks more"),
    (
        "pipeline.yml",
        "${{parent.jobs.ingest.outputs.dataset}}",
        "${{parent.jobs.evaluate.outputs.leaderboard}}",
        "wait",
    ),
]


@pytest.mark.parametrize(("file", "there", "planted", "said"), FAULTS)
def test_a_wrong_reference_fails(tmp_path: Path, file: str, there: str, planted: str, said: str) -> None:
    folder = shutil.copytree(AZUREML, tmp_path / "azureml")
    path = folder / file
    text = path.read_text()
    assert there in text
    path.write_text(text.replace(there, planted))
    with pytest.raises(WiringError, match=said):
        steps_of(folder / "pipeline.yml")


def test_every_component_is_a_command_of_the_app() -> None:
    for path in (AZUREML / "components").glob("*.yml"):
        component = yaml.safe_load(path.read_text())
        assert "python -m app.cli " in component["command"], path.name
        assert component["name"] == f"archive_forecast_{path.stem}"


def test_azure_and_github_train_half_a_month_apart_so_that_neither_publishes_what_the_other_is_about_to() -> None:
    schedule = yaml.safe_load((AZUREML / "schedule.yml").read_text())
    workflow = (ROOT / ".github" / "workflows" / "train.yml").read_text()
    days = [int(schedule["trigger"]["expression"].split()[2]), int(re.findall(r'cron: "\d+ \d+ (\d+)', workflow)[0])]
    assert 10 < days[1] - days[0] < 20
