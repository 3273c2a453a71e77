"""Text cells to typed rows: scope, day, month and numbers in their declared units.

In:    the raw table, its headers by column, the user's choices.
Out:   `Rows`: one typed row per row of the file, and how each column was read, in words.
Never: drops a row, or converts without saying so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast_core.history import rules
from forecast_core.history.choices import Choices
from forecast_core.history.dates import Dates, to_days
from forecast_core.history.faults import Faults, counted
from forecast_core.history.numbers import Numbers, Prepared, Votes, prepare, to_numbers
from forecast_core.history.recognise import Head, Heads
from forecast_core.schema import BYTES_PER, RawTable, column, shares, unit_of

ONE_SCOPE = "estate"
PERCENT_SUM = (1.5, 150.0)
_Numeric = tuple[pd.DataFrame, "pd.Series[bool]", dict[str, str]]
MARKS = {".": "decimal point", ",": "decimal comma"}


@dataclass(frozen=True, eq=False)
class Rows:
    """`frame` has scope, day, month (NaT where unreadable) and the numeric columns found; index: row of the file."""

    frame: pd.DataFrame
    words: dict[str, str]
    day_header: str = ""
    open_dates: str = ""


def typed(raw: RawTable, heads: Heads, choices: Choices, faults: Faults) -> Rows:
    """Return the rows of the file, typed; cells that cannot be read are faults of their row."""
    cells = raw.cells
    dates, day_header = _dates(cells, heads, choices, faults)
    frame = pd.DataFrame({"scope": ONE_SCOPE}, index=cells.index, dtype="str")
    if "scope" in heads.used:
        frame["scope"] = cells[heads.used["scope"].header]
    frame["day"] = dates.days
    frame["month"] = dates.days.dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
    faults.labels["scope"] = frame["scope"]
    faults.labels["month"] = dates.days.dt.strftime("%Y-%m").fillna("").astype("str")
    text = cells[[heads.used["month"].header]].set_axis(["value"], axis=1)
    faults.mark(rules.MONTH_UNREADABLE, dates.bad, text)
    faults.mark(rules.MONTH_MISSING, dates.days.isna() & ~dates.bad)
    if dates.open:
        faults.say(rules.DATE_ORDER, value=dates.open)
    words = {"scope": "text", "month": "written as " + " or ".join(dates.forms or ("nothing readable",))}
    numeric, signed, said = _numeric(raw, heads, choices, faults)
    frame = _share_unit(frame.join(numeric), signed, choices, faults, said)
    return Rows(frame, words | said, day_header, dates.open)


def _dates(cells: pd.DataFrame, heads: Heads, choices: Choices, faults: Faults) -> tuple[Dates, str]:
    """The month column; another column of time that agrees with it and is finer gives the day."""
    used = heads.used["month"].header
    dates = to_days(cells[used], choices.date_order)
    for other in heads.days:
        finer = to_days(cells[other], choices.date_order)
        months, others = (item.days.dt.to_period("M") for item in (dates, finer))
        apart = int(((months != others) & dates.days.notna() & finer.days.notna()).sum())
        if finer.days.isna().any() or finer.open:
            continue
        if apart:
            faults.say(rules.DAYS_DISAGREE, rows=apart, other=other, used=used, count=counted(apart, "row"))
        elif finer.days.nunique() > dates.days.nunique():
            return Dates(finer.days.where(dates.days.notna()), dates.bad, dates.forms, dates.open), other
    return dates, ""


def _numeric(raw: RawTable, heads: Heads, choices: Choices, faults: Faults) -> _Numeric:
    wanted = {name: head for name, head in heads.used.items() if column(name).kind not in ("scope", "month")}
    ready = {name: prepare(raw.cells[head.header]) for name, head in wanted.items()}
    votes = {name: item.votes for name, item in ready.items()}
    whole = Votes(*(sum(getattr(vote, kind) for vote in votes.values()) for kind in ("dot", "comma", "either")))
    values: dict[str, pd.Series[float]] = {}
    words: dict[str, str] = {}
    signed = pd.Series(False, index=raw.cells.index)
    for name, head in wanted.items():
        mark = _mark(name, ready[name], votes[name], raw.decimal or whole.mark, choices, faults)
        numbers = to_numbers(ready[name], mark, only=choices.decimal != "auto")
        text = raw.cells[[head.header]].set_axis(["value"], axis=1).assign(column=name)
        numbers = _without_strange_units(name, numbers)
        faults.mark(replace(rules.NOT_A_NUMBER, column=name), numbers.bad, text)
        values[name] = _in_declared_unit(name, head, numbers, faults)
        signed |= numbers.percent
        words[name] = _words(name, head, mark if votes[name].dot + votes[name].comma + votes[name].either else "")
    if signed.any():
        faults.say(rules.PERCENT_SIGN, rows=int(signed.sum()), column="pct_pdf")
    return pd.DataFrame(values, index=raw.cells.index), signed, words


def _without_strange_units(name: str, numbers: Numbers) -> Numbers:
    """A percent sign belongs to a share and a unit of size to a size; elsewhere the cell is no number."""
    strange = numbers.in_bytes if not unit_of(column(name)) else numbers.in_bytes & False
    if column(name).kind != "share":
        strange = strange | numbers.percent
    return replace(
        numbers, values=numbers.values.where(~strange), bad=numbers.bad | strange, percent=numbers.percent & ~strange
    )


def _mark(name: str, ready: Prepared, votes: Votes, file_mark: str, choices: Choices, faults: Faults) -> str:
    """The decimal mark of a column: the user's, its own, that of the file; a count has no decimals at all."""
    if choices.decimal != "auto":
        return choices.decimal
    if votes.dot and votes.comma:
        faults.say(rules.DECIMAL_MIXED, column=name, dots=votes.dot, commas=votes.comma)
    if votes.mark or not votes.either:
        return votes.mark or file_mark or "."
    two_ways = ready.texts[ready.as_dot & ready.as_comma & ready.texts.str.contains(r"[.,]", regex=True)]
    example = str(two_ways.iloc[0])
    if column(name).unit == "files" and not file_mark:
        return "," if "." in example else "."
    if not file_mark:
        faults.say(rules.DECIMAL_GUESSED, rows=votes.either, column=name, value=example)
    return file_mark or "."


def _in_declared_unit(name: str, head: Head, numbers: Numbers, faults: Faults) -> pd.Series[float]:
    declared = unit_of(column(name))
    if not declared:
        return numbers.values
    if head.unit != declared:
        faults.say(rules.UNIT_CONVERTED, column=name, unit=_unit_name(head.unit), declared=declared.upper())
    if numbers.units:
        faults.say(
            rules.UNIT_IN_CELLS, column=name, unit=", ".join(map(_unit_name, numbers.units)), declared=declared.upper()
        )
    factor = np.where(numbers.in_bytes, 1.0, float(BYTES_PER[head.unit])) / BYTES_PER[declared]
    return numbers.values * factor


def _share_unit(
    frame: pd.DataFrame, signed: pd.Series[bool], choices: Choices, faults: Faults, words: dict[str, str]
) -> pd.DataFrame:
    """Percent or fraction, decided per scope by the median sum of its shares."""
    found = [name for name in shares() if name in frame]
    if not found or choices.share_unit == "fraction":
        return frame
    total = frame[found].sum(axis=1, min_count=1)
    middle = total.groupby(frame["scope"]).median()
    percent = middle.index[middle.between(*PERCENT_SUM)] if choices.share_unit == "auto" else middle.index
    rows = frame["scope"].isin(percent) & ~signed
    if not rows.any():
        return frame
    where = (
        "every scope"
        if len(percent) == len(middle)
        else f"{len(percent)} of {len(middle)} scopes ({', '.join(percent[:5])})"
    )
    faults.say(rules.PERCENT, rows=int(rows.sum()), where=where, column=found[0])
    for name in found:
        words[name] = f"percent of files in {where}"
    return frame.assign(**{name: frame[name].where(~rows, frame[name] / 100) for name in found})


def _words(name: str, head: Head, mark: str) -> str:
    declared = column(name)
    unit = _unit_name(head.unit) if head.unit else declared.unit
    parts = [unit if head.unit_said or not head.unit else f"{unit} (the header names no unit)", MARKS.get(mark, "")]
    return ", ".join([*filter(None, parts), *(["of the following month"] if head.next_period else [])])


def _unit_name(unit: str) -> str:
    return "bytes" if unit in ("b", "byte", "bytes") else unit.upper()
