"""Which canonical column a header means, and the unit it names.

In:    a header as people write it: `Archived (TB)`, `Durchschnittsgröße_KB`, `savings_gb_next_period`.
Out:   `Named`: canonical column, unit, whether it is a label of the following month, how sure.
Never: looks at a value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from forecast_core.schema.columns import COLUMNS, Column

BYTES_PER: dict[str, int] = {
    unit: 1024**power
    for power, units in enumerate(
        (("b", "byte", "bytes"), ("kb", "kib"), ("mb", "mib"), ("gb", "gib"), ("tb", "tib"), ("pb", "pib"))
    )
    for unit in units
}
_UNIT = re.compile(rf"(?:^|[^a-z])({'|'.join(sorted(BYTES_PER, key=len, reverse=True))})$")
_NEXT = "nextperiod"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Named:
    """What a header means; `rank` 0 is the canonical name itself, 1 an alias, 2 a name but for the unit."""

    column: str
    unit: str
    next_period: bool
    rank: int


def plain(header: str) -> str:
    """Return a header without case, accents, blanks and punctuation.

    >>> plain("Durchschnittsgröße (MB)")
    'durchschnittsgroessemb'
    """
    return re.sub(r"[^a-z0-9]+", "", _ascii(header))


def named(header: str) -> Named | None:
    """Return what a header means, None for one that is not declared."""
    words = re.sub(r"[^a-z0-9]+", " ", _ascii(header)).strip()
    next_period = words.replace(" ", "").endswith(_NEXT)
    words = re.sub(r" ?next ?period$", "", words) if next_period else words
    whole = words.replace(" ", "")
    unit = _UNIT.search(words)
    base = words[: unit.start()].replace(" ", "") if unit else whole
    for rank, table, key in ((0, _exact(), whole), (1, _aliases(), whole), (2, _without_unit(), base)):
        if key in table:
            return Named(table[key], unit.group(1) if unit else "", next_period, rank)
    return None


def unit_of(column: Column) -> str:
    """Return the unit of size a column is declared in, "" for one that is no size."""
    return column.unit.lower() if column.unit in ("GB", "MB") else ""


def _ascii(text: str) -> str:
    folded = text.lower().translate(_UMLAUTS)
    return unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()


@cache
def _exact() -> dict[str, str]:
    return {plain(item.name): item.name for item in COLUMNS}


@cache
def _aliases() -> dict[str, str]:
    return {plain(text): item.name for item in COLUMNS for text in (item.title, *item.aliases)}


@cache
def _without_unit() -> dict[str, str]:
    """Names of the columns that are sizes, with the unit they end in taken off: `archived_gb` → `archived`."""
    sized = [item for item in COLUMNS if unit_of(item)]
    texts = [(text, item) for item in sized for text in (item.name, item.title, *item.aliases)]
    return {re.sub(rf"{unit_of(item)}$", "", plain(text)): item.name for text, item in texts}
