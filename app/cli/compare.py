"""Show the leaderboard of a data set."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli.screen import Screen, table
from app.cli.service import declare_data, service
from app.text import models as words

NO_SIGNAL = 4


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Print every model of the race, the best first."""
    view = service(asked.tenant).models_of(asked.data)
    lines = [
        {
            "name": line.name,
            "title": line.title,
            "is_champion": line.is_champion,
            "score": asdict(line.score) if line.score else None,
            "coverage_80": line.coverage,
            "fault": line.fault,
        }
        for line in view.lines
    ]
    board = words.leaderboard(view)
    rows = [list(board), *(list(row) for row in zip(*board.values(), strict=True))]
    result = {"dataset": view.dataset_id, "version": view.version, "signal": view.signal_sentence, "models": lines}
    screen.result(result, f"{words.headline(view)}\n\n{table(rows)}")
    return NO_SIGNAL if view.signal is not None and not view.signal.is_early and not view.signal.is_won else 0
