"""Go round once: record what came, check, score, freeze, train if due, tell, write a report."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.alerting import channels
from app.azureml import start_training
from app.charts.report import report_page
from app.cli.screen import Screen
from app.text import alerts as words
from forecast_core import (
    Author,
    ForecastError,
    Message,
    Outcome,
    Progress,
    Round,
    Service,
    Settings,
    StateChange,
    month_text,
)

WHO = "monitor"
RED, FAILED = 4, 1


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--data", default="", metavar="ID", help="id of one data set; the newest of each name by default"
    )
    parser.add_argument("--file", type=Path, metavar="FILE", help="read this file first and go round on it")
    parser.add_argument("--name", default="", help="name of the file's data; next month's must have the same")
    parser.add_argument("--no-training", action="store_true", help="never train, only say that it is due")
    parser.add_argument("--reports", type=Path, metavar="FOLDER", help="folder of reports; DATA_DIR/reports by default")
    parser.add_argument(
        "--fail-on-red", action="store_true", help="answer with exit code 4 where a page is red: for a scheduler"
    )


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Go round every data set; one that fails does not keep the others from their turn."""
    settings = Settings.load()
    service = Service.of(settings, np.datetime64("today", "M"))
    service.models.may_replace = settings.promotion == "auto"
    service.share()
    folder = asked.reports or settings.data_dir / "reports"
    worst = 0
    for dataset_id in _wanted(asked, service):
        elsewhere = _trained_elsewhere(dataset_id, service, settings)
        try:
            done = _round(dataset_id, service, settings, screen, train=not (asked.no_training or elsewhere))
            place = _written(folder, dataset_id, done)
            wanted = done.due.now and elsewhere and not asked.no_training
            started = start_training(settings.training_schedule, datetime.now(UTC)) if wanted else ""
        except ForecastError as error:
            screen.error(error)
            worst = max(worst, FAILED)
            continue
        view = done.view
        result = {
            "subject": view.subject,
            "dataset": dataset_id,
            "month": month_text(view.month),
            "colour": view.overall.colour,
            "changes": [change.id for change in done.changes],
            "trained": done.trained.champion if done.trained else "",
            "started": started,
            "proposed": done.proposed,
            "sent": dict(done.sent),
            "report": str(place),
        }
        told = f" Training was started on Azure Machine Learning: {started}." if started else ""
        screen.result({"round": result}, f"{words.summary(done)}{told}\nReport: {place}")
        if asked.fail_on_red and view.overall.colour == "red":
            worst = max(worst, RED)
    service.share()
    return worst


def _trained_elsewhere(dataset_id: str, service: Service, settings: Settings) -> bool:
    """Return whether a pipeline of Azure Machine Learning trains this data set."""
    return bool(settings.training_schedule) and service.dataset(dataset_id).info.name == settings.training_data


def _wanted(asked: argparse.Namespace, service: Service) -> list[str]:
    """Return which data sets to go round on: a file's, the named one, or the newest of each name."""
    if asked.file is not None:
        reading = service.inspect(asked.name or asked.file.name, asked.file.read_bytes())
        return [service.accept(reading, datetime.now(UTC).isoformat(timespec="seconds")).id]
    if asked.data:
        return [service.dataset(asked.data).info.id]
    newest: dict[str, str] = {}
    for info in service.datasets():
        if not info.is_demo:
            newest.setdefault(info.name, info.id)
    return list(newest.values()) or [service.demo_id]


def _round(dataset_id: str, service: Service, settings: Settings, screen: Screen, *, train: bool) -> Round:
    def trainer() -> Outcome:
        def report(progress: Progress) -> None:
            screen.progress(progress.done, progress.total, progress.what)

        now = datetime.now(UTC).isoformat(timespec="seconds")
        return service.train(dataset_id, now, time.thread_time, report, report_page).outcome

    def worded(change: StateChange, subject: str) -> Message:
        return words.message(change, subject, settings.public_url, service.price_book.currency)

    who = Author(WHO, datetime.now(UTC))
    return service.watch.go(dataset_id, who, worded, channels(settings), trainer if train else None)


def _written(folder: Path, dataset_id: str, done: Round) -> Path:
    """Write the report; a round of the same month replaces it."""
    place = folder / f"{dataset_id}-{month_text(done.view.month)}.md"
    folder.mkdir(parents=True, exist_ok=True)
    place.write_text(words.report(done), "utf-8")
    return place
