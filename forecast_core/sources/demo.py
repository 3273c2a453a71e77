"""The demo company as a named source: its monthly history, and its files."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.synthetic import demo_files, demo_history, demo_truth

DEMO_ID = "demo"
DEMO_NAME = "Demo company"
DEMO_FILES_ID = "demoshare"
DEMO_FILES_NAME = "Demo file share"
DEMO_RULE_MONTHS = 36
DEMO_LAST_MONTH = np.datetime64("2026-10", "M")


def read_demo() -> pd.DataFrame:
    """Return the demo company's monthly history in canonical columns; the same on every machine and every day."""
    return demo_history(DEMO_LAST_MONTH)


def read_demo_files() -> pd.DataFrame:
    """Return the files of the demo company's departments as cells by age; the same on every machine and every day.

    What is older than DEMO_RULE_MONTHS is in the archive already.
    """
    return demo_files(DEMO_LAST_MONTH)


def read_demo_truth(moves: NDArray[np.float64], months: int) -> NDArray[np.float64]:
    """Return what the demo company would really archive under moves of its levers, GB, (K, scopes, months).

    Only because its equations are known: no other data set has this.
    """
    return demo_truth(DEMO_LAST_MONTH, moves, months)
