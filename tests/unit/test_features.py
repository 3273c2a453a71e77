"""Features: what was known when a month began."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast_core.features import (
    GROWTH_BOUND,
    PUBLISHED_FEATURES,
    carried_forward,
    examples,
    month_waves,
    net_growth,
    pool_growth,
    today,
    trailing_mean,
)
from forecast_core.history import History
from forecast_core.months import months_from
from tests.builders import estate, history

NAN = float("nan")


def test_the_last_known_value_is_carried_but_never_back() -> None:
    grid = np.array([[NAN, 1, NAN, 3, NAN]])
    assert np.array_equal(carried_forward(grid), [[NAN, 1, 1, 3, 3]], equal_nan=True)


def test_a_trailing_mean_forgets() -> None:
    assert trailing_mean(np.array([[1.0, 2, 6, NAN]]), 2).tolist() == [[1, 1.5, 4, 6]]


def test_december_stands_next_to_january() -> None:
    sine, cosine = month_waves(np.array(["2026-12", "2027-01", "2027-06"], "datetime64[M]"))
    apart = np.hypot(np.diff(sine), np.diff(cosine))
    assert apart[0] < 0.6 < apart[1]


def test_an_example_pairs_a_month_with_the_month_before() -> None:
    past = history("one_scope")
    rows = examples(past)
    assert len(rows.archived_gb) == len(past.months) - 1
    named = dict(zip(PUBLISHED_FEATURES, rows.features[4], strict=True))
    month = int(rows.month[4])
    assert rows.archived_gb[4] == past.grid("archived_gb")[0, month]
    for name in ("total_files", "avg_file_size_mb", "pct_pdf"):
        assert named[name] == past.grid(name)[0, month - 1]
    assert named["archive_frequency_per_day"] == past.grid("archive_frequency_per_day")[0, month]
    assert named["pct_other"] == pytest.approx(1 - named["pct_pdf"] - named["pct_docx"] - named["pct_xlsx"])
    assert (named["month_sin"], named["month_cos"]) == tuple(float(wave) for wave in month_waves(past.months[month]))


def test_a_month_without_its_target_or_its_features_is_no_example() -> None:
    rows = estate(["Only"], 24)
    rows.loc[7, "archived_gb"] = NAN
    rows.loc[12:, "total_files"] = rows.loc[12:, "total_files"]
    assert 7 not in examples(History.of(rows)).month
    assert len(examples(history("no_stock")).archived_gb) == 0


def test_a_gap_leaves_the_months_around_it_in_their_places() -> None:
    rows = estate(["Only"], 24).drop(index=[10, 11])
    past = History.of(rows)
    assert len(past.months) == 24
    assert np.isnan(past.grid("archived_gb")[0, 10:12]).all()
    assert today(past).total_files == rows["total_files"].iloc[-1]


def growing(*rates: float, months: int = 30) -> History:
    calendar = months_from(np.datetime64("2024-01", "M"), months).astype("datetime64[s]")
    frames = [
        pd.DataFrame({"scope": str(rate), "month": calendar, "total_files": 1e6 * (1 + rate) ** np.arange(months)})
        for rate in rates
    ]
    return History.of(pd.concat(frames))


def test_growth_is_between_the_scope_s_own_and_the_pool_s() -> None:
    past = growing(-0.01, 0.0, 0.02)
    assert pool_growth(past) == pytest.approx(0.0, abs=1e-12)
    found = net_growth(past)
    assert -0.01 < found[0] < 0 < found[2] < 0.02
    assert net_growth(past, pool=0.05)[1] > 0


def test_a_migration_is_not_growth() -> None:
    past = growing(0.01)
    rows = past.frame.copy()
    rows.loc[20:, "total_files"] *= 3
    assert net_growth(History.of(rows)) == pytest.approx([0.01], rel=1e-6)


def test_growth_is_bounded_and_zero_where_nothing_is_known() -> None:
    assert net_growth(growing(0.4)) == pytest.approx([GROWTH_BOUND])
    assert net_growth(growing(-0.4)) == pytest.approx([-GROWTH_BOUND])
    assert pool_growth(history("no_stock")) == 0
    assert net_growth(history("no_stock")).tolist() == [0, 0, 0]
    emptied = History.of(estate(["Only"], 24).assign(total_files=0.0))
    assert net_growth(emptied).tolist() == [0]
