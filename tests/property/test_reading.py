"""Whatever comes in: our own errors only, and no row is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core.errors import ForecastError
from forecast_core.history import read
from forecast_core.history.choices import OPTIONS, Choices
from forecast_core.schema import Severity
from forecast_core.sources import Limits, read_table
from tests.unit.uploads import HEADER, TODAY, sound_rows, text_of, workbook

LIMITS = Limits(max_bytes=2**20)
CELLS = st.one_of(
    st.sampled_from(
        ["", "-", "n/a", "1,5", "1.234", "12 %", "3 GB", "=1+1", "-4", "inf", "01/02/2026", "2026-01", "Feb-26", "ALL"]
    ),
    st.floats(0, 1).map(str),
    st.integers(0, 10**6).map(str),
    st.text(max_size=6),
)
GOOD = st.sampled_from(sound_rows(count=24))
ROWS = st.lists(
    st.one_of(GOOD, GOOD.flatmap(lambda row: st.dictionaries(st.sampled_from(HEADER), CELLS).map(row.__or__)))
)
CHOICES = st.builds(
    Choices,
    **{name: st.sampled_from(allowed) for name, allowed in OPTIONS.items()},
    stock_includes_archived=st.sampled_from([None, True, False]),
)


def attempt(data: bytes, choices: Choices = Choices()) -> None:
    try:
        reading = read(read_table("upload", data, LIMITS), TODAY, choices)
    except ForecastError as error:
        assert error.what
        return
    assert reading.rows_in == reading.rows_used + reading.rows_set_aside
    assert (reading.history is None) == reading.blocked
    if reading.rows_set_aside and not reading.blocked:
        said = sum(
            issue.rows for issue in reading.issues if issue.severity is Severity.ERROR or "duplicate" in issue.code
        )
        assert said >= reading.rows_set_aside, "a row set aside has an issue"
    if reading.history is not None:
        frame = reading.history.frame
        assert not frame.duplicated(["scope", "month"]).any()
        assert not np.isinf(frame.select_dtypes("number")).any(axis=None)


@given(st.binary(max_size=400))
def test_arbitrary_bytes(data: bytes) -> None:
    attempt(data)


@given(st.text(alphabet=st.sampled_from(list("ab1,;\t|\"'\n\r .-=%0259é\ufeff")), max_size=200))
def test_arbitrary_text_under_a_real_header(text: str) -> None:
    attempt(("scope,month,archived_gb\n" + text).encode())


@settings(max_examples=60)
@given(ROWS, CHOICES, st.sampled_from([",", ";", "\t"]))
def test_rows_in_are_rows_used_and_rows_set_aside(rows: list[dict[str, str]], choices: Choices, delimiter: str) -> None:
    quoted = [{name: '"' + value.replace('"', '""') + '"' for name, value in row.items()} for row in rows]
    attempt((text_of(quoted, delimiter) if quoted else "month\n").encode("utf-8", "replace"), choices)


WORKBOOK = workbook(("data", [HEADER, *(list(row.values()) for row in sound_rows())]))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(1, 255)), max_size=6),
    st.integers(0, len(WORKBOOK)),
)
def test_damaged_workbooks(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WORKBOOK)
    for at, mask in flips:
        data[at] ^= mask
    attempt(bytes(data[: cut or None]))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rows = [row for scope in "abc" for row in sound_rows(scope)]
    shuffled = [rows[at] for at in np.random.default_rng(seed).permutation(len(rows))]
    first, second = (read(read_table("a", text_of(found).encode()), TODAY) for found in (rows, shuffled))
    assert first.history is not None
    assert second.history is not None
    assert first.history.frame.equals(second.history.frame)
