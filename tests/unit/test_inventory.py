"""The age cube, and the demo company."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast_core.errors import SchemaError
from forecast_core.inventory import AgeCube
from forecast_core.synthetic import DEPARTMENTS, MONTHS, demo_history

TAKEN = np.datetime64("2026-10", "M")


def cells() -> pd.DataFrame:
    months = pd.to_datetime(["2024-05-01", "2020-01-01"])
    return pd.DataFrame(
        {
            "scope": "hr",
            "file_type": ["pdf", "docx"],
            "size_class": [20, 18],
            "modified_month": months,
            "files": [3, 5],
            "bytes": [3 * 2**20, 5 * 2**18],
        }
    )


def test_a_cube_is_sorted_and_exact() -> None:
    cube = AgeCube.of(cells(), TAKEN)
    assert cube.cells["file_type"].tolist() == ["docx", "pdf"]
    assert (cube.total_files, cube.total_bytes) == (8, 3 * 2**20 + 5 * 2**18)
    assert cube.taken_month == TAKEN


def test_what_is_missing_negative_or_doubled_is_refused() -> None:
    with pytest.raises(SchemaError, match="lacks the column bytes, files|lacks the column files, bytes"):
        AgeCube.of(cells().drop(columns=["files", "bytes"]), TAKEN)
    with pytest.raises(SchemaError, match="negative"):
        AgeCube.of(cells().assign(files=[-1, 5]), TAKEN)
    with pytest.raises(SchemaError, match="twice"):
        AgeCube.of(pd.concat([cells(), cells()]), TAKEN)


def test_the_demo_company_is_the_same_everywhere() -> None:
    one, two = demo_history(TAKEN), demo_history(TAKEN)
    pd.testing.assert_frame_equal(one, two)
    assert len(one) == len(DEPARTMENTS) * MONTHS
    assert str(one["month"].max())[:7] == "2026-10"
    assert not demo_history(TAKEN, seed=12).equals(one)


def test_the_demo_company_obeys_its_own_equations() -> None:
    rows = demo_history(TAKEN)
    assert rows.notna().all(axis=None)
    assert (rows[["total_files", "avg_file_size_mb", "archive_frequency_per_day", "archived_gb"]] > 0).all(axis=None)
    assert (rows["savings_gb"] <= rows["archived_gb"]).all()
    assert (rows[["pct_pdf", "pct_docx", "pct_xlsx"]].sum(axis=1) <= 1.0002).all()
    stock_before = rows.groupby("scope")["total_files"].shift(1)
    assert (rows["files_archived"] <= 0.5 * stock_before)[stock_before.notna()].all()
    capacity = rows["archive_frequency_per_day"] * rows["month"].dt.days_in_month
    assert (rows["files_archived"] <= capacity + 0.5).all()
