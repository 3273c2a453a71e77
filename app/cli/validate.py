"""Is a data set long and fresh enough to train on?"""

from __future__ import annotations

import argparse

import numpy as np

from app.cli.screen import Screen
from app.cli.service import declare_data, service
from forecast_core import month_text

UNFIT = 1


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument("--months", type=int, default=12, help="fewest months of history (12)")
    parser.add_argument("--behind", type=int, default=2, help="most months that the data may end before today (2)")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Measure; every reason against training is named."""
    info = service(asked.tenant).dataset(asked.data).info
    months = int((info.last_month - info.first_month).astype(int)) + 1
    behind = int((np.datetime64("today", "M") - info.last_month.astype("datetime64[M]")).astype(int))
    unfit = []
    if months < asked.months:
        unfit.append(f"it has {months} months; needed {asked.months}")
    if behind > asked.behind:
        unfit.append(f"it ends with {month_text(info.last_month)}, {behind} months ago; allowed {asked.behind}")
    measured = {"dataset": info.id, "months": months, "behind": behind, "scopes": len(info.scopes), "unfit": unfit}
    verdict = f"not fit to train on: {'; '.join(unfit)}." if unfit else "fit to train on."
    screen.result(measured, f"{info.id}: {months} months, {len(info.scopes)} scopes, {verdict}")
    return UNFIT if unfit else 0
