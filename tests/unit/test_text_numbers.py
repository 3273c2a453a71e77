"""Is every number written so that a person can read it?"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import numbers as n

amounts = st.floats(-1e9, 1e9, allow_nan=False)
volumes = st.floats(1e-9, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("value_gb", "text"),
    [
        (0, "0 GB"),
        (1, "1 GB"),
        (1024, "1 TB"),
        (1434, "1.4 TB"),
        (999.4, "999 GB"),
        (999.6, "0.976 TB"),
        (2**20, "1 PB"),
        (0.5, "512 MB"),
        (0.0003, "315 KB"),
        (1e-7, "107 bytes"),
        (-41.26, "−41.3 GB"),
        (math.nan, "unknown"),
    ],
)
def test_a_volume_takes_the_unit_that_reads_well(value_gb: float, text: str) -> None:
    assert n.volume(value_gb) == text


@given(volumes)
def test_a_volume_is_never_nothing_when_something_is_there(value_gb: float) -> None:
    assert not re.match(r"^[−]?0(\.0+)? ", n.volume(value_gb))


@given(st.floats(1e-3, 1e6))
def test_a_volume_says_what_it_is_to_three_digits(value_gb: float) -> None:
    number, unit = n.volume(value_gb).split()
    back = float(number.replace(",", "")) / 1024.0 ** (3 - n.UNITS.index(unit))
    assert back == pytest.approx(value_gb, rel=0.006)


@given(amounts, amounts)
def test_a_range_has_one_unit_and_its_ends_in_order(one: float, other: float) -> None:
    lower, upper = sorted((one, other))
    text = n.volume_range(lower, upper)
    assert len(re.findall(r"bytes|[KMGTP]B", text)) == 1
    ends = [float(end.replace("−", "-").replace(",", "")) for end in re.findall(r"−?[\d.,]+", text)]
    assert ends == sorted(ends)


@given(amounts)
def test_money_never_shows_a_wrong_sign_or_nothing(value: float) -> None:
    text = n.money(value)
    assert text.startswith("−") == (value < 0)
    assert (text == "$0") == (value == 0)
    assert "0.00" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(4312, "$4,310"), (-209.6, "−$210"), (3.5, "$3.50"), (1_234_567, "$1,230,000"), (0.004, "less than 1 cent")],
)
def test_money(value: float, text: str) -> None:
    assert n.money(value) == text


def test_other_currencies_keep_their_name() -> None:
    assert n.money(4312, "EUR") == "€4,310"
    assert n.money(-4312, "CHF") == "−CHF 4,310"


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (2412, 3890, "$2,400–$3,900"),
        (-210, 90, "−$210 to $90"),
        (5, 5, "$5.00"),
        (1, 2, "$1.00 to $2.00"),
        (800, 800, "about $800"),
        (math.nan, 1, "unknown"),
    ],
)
def test_ranges_of_money(lower: float, upper: float, text: str) -> None:
    assert n.money_range(lower, upper) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [(0.8, "about 4 in 5"), (0.81, "about 4 in 5"), (0.95, "about 19 in 20"), (0.5, "about 1 in 2")]
)
def test_shares_people_can_picture(ratio: float, text: str) -> None:
    assert n.out_of(ratio) == text


def test_nothing_is_nothing_in_a_range() -> None:
    assert n.volume_range(0, 0) == n.volume_range(0, 1e-11) == n.volume(1e-11) == "0 GB"
    assert n.volume_range(0.0001 / 1024, 4.3 / 1024) == "0–4.3 MB"


def test_the_rest() -> None:
    assert n.month(np.datetime64("2027-03")) == "Mar 2027"
    assert n.month(684) == "Jan 2027"
    assert n.period(1) == "next month" and n.period(12) == "in the next 12 months"
    assert n.percent(0.314) == "31 %" and n.percent(0.0084) == "0.84 %" and n.percent(2.5) == "250 %"
    assert n.percent(math.nan) == n.out_of(math.nan).replace("an unknown share", "unknown") == "unknown"
    assert n.count(12_345) == "12,300" and n.count(4_200_000) == "4.2 million" and n.count(3e9) == "3 billion"
    assert n.price(0.0152) == "$0.0152" and n.price(0) == "0"
    assert n.listed(["a"]) == "a" and n.listed(["a", "b", "c"]) == "a, b and c" and n.listed([]) == ""
