"""Answer a what-if: levers moved, everything else as it is today."""

from __future__ import annotations

import argparse

from app import wire
from app.cli.screen import Screen, table
from app.cli.service import declare_data, service
from app.text import headline as words
from forecast_core import from_values


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument("--scope", default="", help="the scope; ALL, or the only one, by default")
    parser.add_argument(
        "--set",
        dest="moved",
        action="append",
        default=[],
        metavar="LEVER=VALUE",
        help="move a lever, as archive_frequency_per_day=12000 or start_month=2027-01; may be repeated",
    )


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Ask and print."""
    ask = service(asked.tenant)
    known = ask.ranges(asked.data, asked.scope or ask.scopes(asked.data)[0])
    values = dict(text.partition("=")[::2] for text in asked.moved)
    answer = ask.simulate(from_values(values, known))
    rows = [["month", "archived GB", "lower", "upper"]]
    band = answer.archived.scenario
    for month, *numbers in zip(answer.months, band.point, band.lower, band.upper, strict=True):
        rows.append([str(month), *(f"{number:.3f}" for number in numbers)])
    screen.result(wire.answer(answer), f"{words.headline(answer)}\n\n{table(rows)}")
    return 0
