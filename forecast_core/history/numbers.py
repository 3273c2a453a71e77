"""Numbers as people write them, read by a vote of the whole column.

In:    one column of text cells.
Out:   `Numbers`: values, the cells that are no number, the units and percent signs that stood in the cells.
Never: guesses a cell that reads two ways without saying so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast_core.schema import BYTES_PER

UNKNOWN = frozenset(("", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "nil", "k.a."))
_DOT = r"[+-]?(?:(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{2,3})*,[0-9]{3})(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?"
_COMMA = r"[+-]?(?:(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]*)?|,[0-9]+)(?:e[+-]?[0-9]{1,3})?"
_BLANKS = "[ '’\u00a0\u2009\u202f]"  # the characters themselves: the fast engine knows no escapes
_GROUP = rf"([0-9]){_BLANKS}([0-9]{{3}})"
_UNIT = rf"^(.*[0-9.,])\s*(%|{'|'.join(sorted(BYTES_PER, key=len, reverse=True))})$"


@dataclass(frozen=True)
class Votes:
    """Cells that can only be read with a decimal point, only with a decimal comma, and either way."""

    dot: int = 0
    comma: int = 0
    either: int = 0

    @property
    def mark(self) -> str:
        """The mark that has the majority, "" without one."""
        return "." if self.dot > self.comma else "," if self.comma > self.dot else ""


@dataclass(frozen=True, eq=False)
class Numbers:
    """`values` NaN where unknown or bad; `bad` cells are no number; `percent` cells had a sign and are divided by 100.

    `units` names the units of size that stood in cells (those values are in bytes, marked in `in_bytes`).
    """

    values: pd.Series[float]
    bad: pd.Series[bool]
    percent: pd.Series[bool]
    in_bytes: pd.Series[bool]
    units: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Texts without blanks in groups and units, ready to be read under either decimal mark."""

    texts: pd.Series[str]
    known: pd.Series[bool]
    unit: pd.Series[str]
    as_dot: pd.Series[bool]
    as_comma: pd.Series[bool]

    @property
    def votes(self) -> Votes:
        """What the cells say about the decimal mark; those without any mark say nothing."""
        marked = self.texts.str.contains(r"[.,]", regex=True) & self.known
        either = int((marked & self.as_dot & self.as_comma).sum())
        return Votes(int((marked & self.as_dot).sum()) - either, int((marked & self.as_comma).sum()) - either, either)


def prepare(texts: pd.Series[str]) -> Prepared:
    """Return the texts trimmed of units and grouping blanks, and under which mark each is well formed."""
    texts = texts.str.lower()
    known = ~texts.isin(UNKNOWN)
    if texts.str.contains(rf"[0-9]{_BLANKS}", regex=True).any():
        for _ in range(2):  # a group shares its digit with the next, so one pass leaves every second blank
            texts = texts.str.replace(_GROUP, r"\1\2", regex=True)
    unit = pd.Series("", index=texts.index, dtype="str")
    ends = texts.str.contains(r"[b%es]$", regex=True) & known
    if ends.any():
        parts = texts[ends].str.extract(_UNIT)
        fitting = parts[parts[1].notna()]
        texts, unit = texts.copy(), unit.copy()
        texts.loc[fitting.index] = fitting[0]
        unit.loc[fitting.index] = fitting[1]
    return Prepared(texts, known, unit, texts.str.fullmatch(_DOT), texts.str.fullmatch(_COMMA))


def to_numbers(ready: Prepared, mark: str, *, only: bool = False) -> Numbers:
    """Return the values; `mark` settles cells that read either way, and with `only` every other cell too."""
    as_dot, as_comma = ready.as_dot, ready.as_comma
    if only:
        as_dot, as_comma = (as_dot, as_dot & False) if mark == "." else (as_comma & False, as_comma)
    comma = as_comma & (~as_dot | (mark == ","))
    dot = as_dot & ~comma
    values = pd.Series(np.nan, index=ready.texts.index, dtype=float)
    values[dot] = _float(ready.texts[dot].str.replace(",", "", regex=False))
    values[comma] = _float(ready.texts[comma].str.replace(".", "", regex=False).str.replace(",", ".", regex=False))
    bad = ready.known & ~np.isfinite(values)
    percent = ready.unit == "%"
    in_bytes = (ready.unit != "") & ~percent
    scale: Mapping[str, float] = {"": 1.0, "%": 0.01, **BYTES_PER}
    values = (values * ready.unit.map(scale).astype(float)).where(~bad)
    return Numbers(values, bad, percent & ~bad, in_bytes & ~bad, tuple(sorted(ready.unit[in_bytes].unique())))


def _float(texts: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(texts, errors="coerce").astype(float)
