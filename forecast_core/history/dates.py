"""Days and months as people and spreadsheets write them.

In:    one column of text cells.
Out:   `Dates`: the day (the first where only a month is written), unreadable cells, the forms seen, a question if open.
Never: takes a day for a month without evidence from the whole column.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.history.numbers import UNKNOWN

_NAMES = (
    "jan january januar janvier janv jaenner janner",
    "feb february februar fevrier fevr fev feber",
    "mar march marz maerz mars mrz mar",
    "apr april avril avr",
    "may mai",
    "jun june juni juin",
    "jul july juli juillet juil",
    "aug august aout",
    "sep sept september septembre",
    "oct october oktober okt octobre",
    "nov november novembre",
    "dec december dezember dez decembre",
)
MONTH_NAMES = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
SERIAL_ZERO = np.datetime64("1899-12-30", "D")  # day 0 of a spreadsheet, so that 1 March 1900 is 61
SERIAL_RANGE = (20_000, 80_000)  # 1954 … 2119
ALMOST_ALL = 0.9

Parts = tuple[int, int, int]
_TIME = r"(?:[t ,]+[0-9].*)?"


@dataclass(frozen=True, eq=False)
class Dates:
    """`days` NaT where unreadable; `bad` cells hold something that is no date.

    `open` is an example of day and month that can be swapped, "" when the column settles it.
    """

    days: pd.Series[pd.Timestamp]
    bad: pd.Series[bool]
    forms: tuple[str, ...]
    open: str = ""


@dataclass(frozen=True)
class _Form:
    words: str
    pattern: re.Pattern[str]
    parts: Callable[[tuple[str, ...]], Parts]


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 69 else 1900)


def _named(text: str) -> int:
    return MONTH_NAMES.get(text, 0)


def _form(words: str, pattern: str, parts: Callable[[tuple[str, ...]], Parts]) -> _Form:
    return _Form(words, re.compile(pattern), parts)


_FORMS = (
    _form("2027-03", r"([0-9]{4})[-/.]([0-9]{1,2})", lambda p: (int(p[0]), int(p[1]), 1)),
    _form(
        "2027-03-01",
        rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}",
        lambda p: (int(p[0]), int(p[1]), int(p[2])),
    ),
    _form("202703", r"((?:19|20|21)[0-9]{2})([0-9]{2})", lambda p: (int(p[0]), int(p[1]), 1)),
    _form("20270301", r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})", lambda p: (int(p[0]), int(p[1]), int(p[2]))),
    _form("03/2027", r"([0-9]{1,2})[-/. ]([0-9]{4})", lambda p: (int(p[1]), int(p[0]), 1)),
    _form("Mar 2027", r"([a-z]+)\.?[-/ ,']*([0-9]{4}|[0-9]{2})", lambda p: (_year(p[1]), _named(p[0]), 1)),
    _form("2027 Mar", r"([0-9]{4})[-/ ]*([a-z]+)\.?", lambda p: (int(p[0]), _named(p[1]), 1)),
    _form(
        "1 Mar 2027",
        rf"([0-9]{{1,2}})[-. /]+([a-z]+)\.?[-. /,]+([0-9]{{4}}|[0-9]{{2}}){_TIME}",
        lambda p: (_year(p[2]), _named(p[1]), int(p[0])),
    ),
    _form(
        "Mar 1, 2027",
        rf"([a-z]+)\.? ([0-9]{{1,2}}),? +([0-9]{{4}}){_TIME}",
        lambda p: (int(p[2]), _named(p[0]), int(p[1])),
    ),
    _form(
        "01.03.2027",
        rf"([0-9]{{1,2}})\.([0-9]{{1,2}})\.([0-9]{{4}}|[0-9]{{2}}){_TIME}",
        lambda p: (_year(p[2]), int(p[1]), int(p[0])),
    ),
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_SWAPPABLE = re.compile(rf"([0-9]{{1,2}})([-/])([0-9]{{1,2}})\2([0-9]{{4}}|[0-9]{{2}}){_TIME}")


def to_days(texts: pd.Series[str], order: str = "auto") -> Dates:
    """Return the day of each cell; `order` "dmy" or "mdy" settles 02/01/2027, "auto" asks the column."""
    codes, found = pd.factorize(texts)
    plain = [_fold(str(text)) for text in found]
    days = np.full(len(plain), np.datetime64("NaT"), "datetime64[D]")
    forms: dict[str, None] = {}
    swappable: dict[int, Parts] = {}
    for at, text in enumerate(plain):
        if match := _SWAPPABLE.fullmatch(text):
            swappable[at] = (int(match[1]), int(match[3]), _year(match[4]))
        else:
            days[at], form = _read(text)
            forms[form] = None
    example = ""
    if swappable:
        chosen = order if order != "auto" else _order(list(swappable.values()))
        for at, parts in swappable.items():
            days[at] = _day(_swapped(parts, chosen or "dmy"))
        forms["day/month/year" if chosen != "mdy" else "month/day/year"] = None
        example = "" if chosen else str(found[next(at for at, (a, b, _) in swappable.items() if a != b)])
    unknown = np.array([text in UNKNOWN for text in plain], bool)
    return Dates(
        pd.Series(days[codes], index=texts.index).astype("datetime64[s]"),
        pd.Series((np.isnat(days) & ~unknown)[codes], index=texts.index),
        tuple(form for form in forms if form),
        example,
    )


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _read(text: str) -> tuple[np.datetime64, str]:
    for form in _FORMS:
        if match := form.pattern.fullmatch(text):
            day = _day(form.parts(match.groups()))
            if not np.isnat(day):
                return day, form.words
    serial = _SERIAL.fullmatch(text)
    if serial and SERIAL_RANGE[0] <= int(serial[1]) <= SERIAL_RANGE[1]:
        return SERIAL_ZERO + int(serial[1]), "a spreadsheet's day number"
    return np.datetime64("NaT", "D"), ""


def _day(parts: Parts) -> np.datetime64:
    year, month, day = parts
    if not (1 <= year <= 9999 and 1 <= month <= 12) or not 1 <= day <= monthrange(year, month)[1]:
        return np.datetime64("NaT", "D")
    return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")


def _swapped(parts: Parts, order: str) -> Parts:
    first, second, year = parts
    return (year, second, first) if order == "dmy" else (year, first, second)


def _order(values: list[Parts]) -> str:
    """Return the reading under which more cells are dates, else the one whose days are all month starts; "" is open.

    One odd cell must not turn a column of month starts into days of January: then it is open as well.
    """
    read = {order: _days([_swapped(parts, order) for parts in values]) for order in ("dmy", "mdy")}
    valid = {order: int((~np.isnat(days)).sum()) for order, days in read.items()}
    starts = {order: _month_starts(days) for order, days in read.items()}
    best, other = sorted(read, key=lambda order: -valid[order])
    if valid[best] != valid[other]:
        torn = valid[other] >= ALMOST_ALL * len(values) and starts[other] and not starts[best]
        return "" if torn else best
    if np.array_equal(read["dmy"], read["mdy"], equal_nan=True):
        return "dmy"
    return "" if starts["dmy"] == starts["mdy"] else max(starts, key=lambda order: starts[order])


def _days(parts: list[Parts]) -> NDArray[np.datetime64]:
    return np.array([_day(item) for item in parts], "datetime64[D]")


def _month_starts(days: NDArray[np.datetime64]) -> bool:
    days = days[~np.isnat(days)]
    return bool((days == days.astype("datetime64[M]").astype("datetime64[D]")).all())
