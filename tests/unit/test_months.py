"""Months: the only clock."""

from __future__ import annotations

import numpy as np
import pytest

from forecast_core.months import (
    days_in_month,
    month_of_year,
    month_text,
    months_between,
    months_from,
    parse_month,
)


def test_text_and_back() -> None:
    assert month_text(parse_month("2027-03")) == "2027-03"
    assert month_text(np.datetime64("2027-03-31")) == "2027-03"


@pytest.mark.parametrize("text", ["2027-3", "2027-13", "2027-00", "03.2027", "2027", "", "2027-03-01", "20270-03"])
def test_only_one_way_to_write_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2027-03"):
        parse_month(text)


def test_months_follow_each_other_over_new_year() -> None:
    assert [str(month) for month in months_from(np.datetime64("2026-11", "M"), 4)] == [
        "2026-11", "2026-12", "2027-01", "2027-02",
    ]  # fmt: skip
    assert months_between(np.datetime64("2026-11", "M"), np.datetime64("2027-02", "M")) == 3
    assert months_between(np.datetime64("2027-02-20"), np.datetime64("2026-11", "M")) == -3


def test_lengths_know_leap_years() -> None:
    months = np.array(["2027-02", "2028-02", "1900-02", "2000-02", "2027-12"], "datetime64[M]")
    assert days_in_month(months).tolist() == [28, 29, 28, 29, 31]
    assert month_of_year(months).tolist() == [2, 2, 2, 2, 12]
    assert month_of_year(np.array(["1969-12", "1970-01"], "datetime64[M]")).tolist() == [12, 1]
