"""Race the whole field on a data set and publish who answers."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from app.charts.report import report_page
from app.cli.screen import Screen
from app.cli.service import declare_data, now, service
from forecast_core import Progress, Training, as_joblib

NOT_TOLD = 3


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument("--joblib", type=Path, metavar="FOLDER", help="also write every model as joblib to this folder")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Train, publish, record."""

    def report(progress: Progress) -> None:
        screen.progress(progress.done, progress.total, progress.what)

    training = service(asked.tenant).train(asked.data, now(), time.thread_time, report, report_page)
    if asked.joblib:
        _export(training, asked.joblib)
    outcome = training.outcome
    text = f"{outcome.champion}: {outcome.champion_title} answers ({outcome.reason})."
    if outcome.challenger:
        text += f"\n{outcome.challenger} waits as challenger."
    if outcome.registry_note:
        text += f"\n{outcome.registry_note}"
    screen.result({"outcome": asdict(outcome)}, text)
    return NOT_TOLD if outcome.registry_note else 0


def _export(training: Training, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in training.models.items():
        (folder / f"{name}.joblib").write_bytes(as_joblib(model))
