"""Which header is which column.

In:    the headers of a file, and what the user said about them.
Out:   `Heads`: one header per canonical column, the unit it names, and those that are not used.
Never: looks at values; a header nobody declared is listed, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forecast_core.errors import SchemaError
from forecast_core.history import rules
from forecast_core.history.choices import Choices
from forecast_core.history.faults import Faults
from forecast_core.schema import COLUMNS, Named, column, named, plain, unit_of

_ASKED = {"month": "which month a row is about", "archived_gb": "how many GB were archived"}


@dataclass(frozen=True)
class Head:
    """The header a column is read from; `unit` is the unit of size of its numbers, "" for a column that is no size."""

    header: str
    unit: str = ""
    unit_said: bool = False
    next_period: bool = False


@dataclass(frozen=True)
class Heads:
    """`used` by canonical column; `days` are further headers of time; `unused` the rest, with the reason."""

    used: dict[str, Head]
    days: tuple[str, ...]
    unused: dict[str, str]


def recognise(headers: Iterable[str], choices: Choices, faults: Faults) -> Heads:
    """Return the headers by column; says BLOCKING when month or archived GB is not there."""
    present = list(headers)
    candidates = _candidates(present, dict(choices.mapping))
    used: dict[str, Head] = {}
    unused = {header: "not a column we know" for header in present}
    days: list[str] = []
    for name, found in candidates.items():
        (winner, meaning), *losers = sorted(found, key=lambda item: _preference(name, *item))
        used[name] = _head(winner, meaning, name, choices)
        unused.pop(winner)
        for other, _ in losers:
            unused[other] = f"{name} is read from {winner!r}"
            if name == "month":
                days.append(other)
            else:
                faults.say(rules.HEADER_TWICE, column=name, used=winner, other=other)
    for name, title in _ASKED.items():
        if name not in used:
            shown = ", ".join(present[:12]) + (" …" if len(present) > 12 else "")
            faults.say(rules.COLUMN_MISSING, column=name, title=title, headers=shown)
    return Heads(used, tuple(days), unused)


def _candidates(headers: list[str], mapping: dict[str, str]) -> dict[str, list[tuple[str, Named]]]:
    strangers = sorted(set(mapping) - set(headers))
    if strangers:
        raise SchemaError(
            f"There is no header {strangers[0]!r} in this file.", allowed=", ".join(headers[:12]), hint="Choose again."
        )
    found: dict[str, list[tuple[str, Named]]] = {}
    for header in headers:
        meaning = named(header)
        if header in mapping:
            known = meaning if meaning and meaning.column == mapping[header] else None
            unit, later = (known.unit, known.next_period) if known else ("", False)
            meaning = Named(mapping[header], unit, later, rank=-1) if mapping[header] else None
        if meaning:
            found.setdefault(meaning.column, []).append((header, meaning))
    return found


def _preference(name: str, header: str, meaning: Named) -> tuple[int, bool, int, int]:
    """The user's word, then the plain label before that of the next period, then the name itself, then alias order."""
    aliases = [plain(alias) for alias in column(name).aliases]
    order = aliases.index(plain(header)) if plain(header) in aliases else len(aliases)
    return min(meaning.rank, 0), meaning.next_period, meaning.rank, order


def _head(header: str, meaning: Named, name: str, choices: Choices) -> Head:
    declared = unit_of(column(name))
    if not declared:
        return Head(header, next_period=meaning.next_period)
    chosen = choices.volume_unit if declared == "gb" else choices.size_unit
    said = chosen if chosen != "auto" else meaning.unit
    return Head(header, said or declared, bool(said), meaning.next_period)


def absent(used: Iterable[str]) -> tuple[str, ...]:
    """Return the canonical columns that no header was found for."""
    present = set(used)
    return tuple(item.name for item in COLUMNS if item.name not in present)
