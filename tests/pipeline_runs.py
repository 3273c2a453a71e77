"""Runs of the project's own pipeline for tests: a fresh history in, a folder of published models out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.builders import LAST, estate
from tests.pipeline import run_pipeline

ROOT = Path(__file__).parents[1]
PIPELINE = ROOT / "deploy" / "azureml" / "pipeline.yml"


def fresh_history(folder: Path, months: int = 16) -> Path:
    """Write a history that ends with the month before this one."""
    rows = estate(["A", "B", "C"], months)
    late = int((np.datetime64("today", "M") - 1 - LAST).astype(int))
    rows["month"] = (pd.to_datetime(rows["month"]) + pd.DateOffset(months=late)).dt.strftime("%Y-%m")
    path = folder / "history.csv"
    rows.to_csv(path, index=False)
    return path


def run(tmp_path: Path, name: str, **bound: object) -> tuple[list[str], str]:
    """Run the pipeline; return which jobs ended well and the log of the last one that ran."""
    folder, published, datasets = tmp_path / name, tmp_path / "published", tmp_path / "datasets"
    folder.mkdir()
    published.mkdir(exist_ok=True)
    given = {f"inputs.{key}": value for key, value in bound.items()}
    given |= {"inputs.published": published, "outputs.published": published, "outputs.datasets": datasets}
    done = run_pipeline(PIPELINE, given, folder, ROOT)
    return done, max(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns).read_text()
