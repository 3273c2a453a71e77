"""Kept scenarios in words: what was said then, what is said now and why, who is ahead of whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from app.text import headline as sentences
from app.text import locale
from app.text.levers import TYPE_TITLES, value
from app.text.numbers import listed, money, money_range, month, percent, volume, volume_range
from forecast_core.history import ALL
from forecast_core.scenario.levers import BY_NAME

if TYPE_CHECKING:
    from app.tables import Table
    from forecast_core import Against, Comparison, Interval, Kept, Side, Standing, Terms

MEASURES = {"net": "Money", "savings_gb": "Freed", "archived_gb": "Archived"}
FULL = {"net": "saved after every fee", "savings_gb": "freed", "archived_gb": "archived"}
REASONS = {"data": "the data now reach to {now} (then {then})", "model": "another model answers ({then} → {now})",
           "prices": "other prices ({then} → {now})", "release": "another release ({then} → {now})"}  # fmt: skip
TERM_TITLES = {"primary": "Primary", "archive": "Archive tier"}
TENTHS = 10
CLEAR = 0.95


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """Return `2 Nov 2026, 14:05` on the reader's clock."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


# ── the list ───────────────────────────────────────────────────────────────────────────────────────────────────────
def headline(kept: Sequence[Kept]) -> str:
    """Return how many there are and whether one was decided on."""
    if not kept:
        return "Keep a scenario to come back to it, compare it and show it"
    decided = [found.name for found in kept if found.decided]
    count = "One scenario is kept" if len(kept) == 1 else f"{len(kept)} scenarios are kept"
    return f"{count}; decided: {listed([f'“{name}”' for name in decided])}" if decided else f"{count}; none is decided"


def marks(kept: Kept) -> list[str]:
    """Return what is marked on a scenario."""
    found = [f"version {kept.version.number}"]
    if kept.locked:
        found.append("locked")
    if kept.archived:
        found.append("archived")
    if kept.decided:
        same = kept.decided == kept.version.number
        found.append("decided" if same else f"decided: version {kept.decided}")
    return found


def scope(name: str) -> str:
    """Return a scope as people say it."""
    return "All scopes" if name == ALL else name


def saved(kept: Kept, zone: tzinfo | None = None) -> str:
    """Return who saved the current version, and when."""
    return f"saved {moment(kept.version.saved_at, zone)} by {kept.version.saved_by}"


def now(standing: Standing) -> str:
    """Return what is answered now, and why it differs from what was kept."""
    if standing.now is None:
        return f"Now: cannot be answered. {standing.fault}"
    said = sentences.headline(standing.now)
    with locale.using(locale.ENGLISH):  # what is kept is in English
        is_same = sentences.headline(standing.now) == standing.then.headline
    reasons = [REASONS[name].format(then=then or "none", now=at or "none") for name, then, at in standing.reasons]
    if is_same:
        return f"Now: the same, although {listed(reasons)}." if reasons else "Now: the same."
    why = f"Why: {listed(reasons)}." if reasons else "Why: this release computes it differently."
    more = "" if standing.is_same else " This release knows levers that the link did not; they stand as today."
    return f"Now: {said} {why}{more}"


def matches(kept: Kept, wanted: str) -> bool:
    """Return whether a search finds a scenario: every word in its name, note, scope, author or sentence."""
    version = kept.version
    text = " ".join(
        (kept.name, version.note, kept.scope, kept.created_by, version.saved_by, str(version.frozen.get("headline")))
    ).lower()
    return all(word in text for word in wanted.lower().split())


# ── the comparison ─────────────────────────────────────────────────────────────────────────────────────────────────
def futures(share: float) -> str:
    """Return a share of futures: `9 of 10 futures`.

    >>> futures(0.93), futures(1.0), futures(0.97), futures(0.004)
    ('9 of 10 futures', 'every future', '19 of 20 futures', 'no future')
    """
    if share >= 1 - 0.005:
        return "every future"
    if share <= 0.005:
        return "no future"
    if share >= CLEAR or share <= 1 - CLEAR:
        return f"{round(share * 20) if 0 < round(share * 20) < 20 else (19 if share > 0.5 else 1)} of 20 futures"
    return f"{round(share * TENTHS)} of {TENTHS} futures"


def amount(measure: str, number: float, currency: str) -> str:
    """Return an amount of a measure."""
    return money(number, currency) if measure == "net" else volume(number)


def between(measure: str, shown: Interval, currency: str) -> str:
    """Return the range of an amount."""
    if measure == "net":
        return money_range(shown.lower, shown.upper, currency)
    return volume_range(shown.lower, shown.upper)


def is_even(found: Against) -> bool:
    """Return whether two scenarios are the same in every future."""
    shown = found.difference
    return max(abs(shown.point), abs(shown.lower), abs(shown.upper)) < 1e-9


def leader(comparison: Comparison, names: Sequence[str], measure: str) -> str:
    """Return who is ahead of the next best, by how much, in how many futures."""
    points = [side.futures[measure].total.point for side in comparison.sides]
    order = sorted(range(len(points)), key=lambda place: -points[place])
    best, second = order[0], order[1]
    found = comparison.against[measure][best, second]
    if is_even(found):
        return f"“{names[best]}” and “{names[second]}” are alike in what is {FULL[measure]}."
    by = amount(measure, found.difference.point, comparison.currency)
    ranged = between(measure, found.difference, comparison.currency)
    over = f"over {len(comparison.months)} months"
    return (
        f"“{names[best]}” is better than “{names[second]}” in {futures(found.better)}: "
        f"{by} more {FULL[measure]} {over} ({ranged})."
    )


def against(found: Against, measure: str, currency: str) -> str:
    """Return one difference in a cell: `+$850 ($340–$1,390), more in every future`."""
    if is_even(found):
        return "the same"
    shown = found.difference
    sign = "+" if shown.point > 0 else ""
    return f"{sign}{amount(measure, shown.point, currency)} ({between(measure, shown, currency)}), " + (
        f"more in {futures(found.better)}"
    )


def levers(comparison: Comparison, names: Sequence[str]) -> Table:
    """Return the levers that differ, then the terms that do, a column per scenario."""
    currency = comparison.currency
    rows = [
        (BY_NAME[name].title, [value(BY_NAME[name], side.scenario.values[name], currency) for side in comparison.sides])
        for name in comparison.differing
    ]
    if len({side.scenario.left_out for side in comparison.sides}) > 1:
        rows.append(("Left out", [_left_out(side) for side in comparison.sides]))
    return _table("Lever", names, rows)


def terms(comparison: Comparison, names: Sequence[str], titles: dict[str, str]) -> Table:
    """Return the terms of money that differ, a column per scenario; `titles` are those of the offers."""
    found = [side.terms for side in comparison.sides]
    differing = [name for name in found[0].__dataclass_fields__ if len({getattr(each, name) for each in found}) > 1]
    rows = [(TERM_TITLES.get(name, _plain(name)), [_term(each, name, titles) for each in found]) for name in differing]
    return _table("Term of money", names, rows)


def _left_out(side: Side) -> str:
    parts = [part.partition(":")[2] for part in side.scenario.left_out]
    return listed([TYPE_TITLES.get(part, part) for part in parts]) or "nothing"


def _plain(name: str) -> str:
    return name.removesuffix("_ratio").replace("_", " ").capitalize()


def _term(found: Terms, name: str, titles: dict[str, str]) -> str:
    raw = getattr(found, name)
    if isinstance(raw, float) and "ratio" in name:
        return percent(raw)
    if isinstance(raw, tuple):
        return f"{len(raw)} entered" if raw else "none"
    return titles.get(raw, str(raw)) if raw not in (None, "") else "none"


def alike(comparison: Comparison) -> str:
    """Return what is the same in all of them."""
    count = len(comparison.alike)
    return f"{count} other levers are the same" if count else "no lever is the same"


def results(comparison: Comparison, names: Sequence[str]) -> Table:
    """Return totals with their ranges, a column per scenario."""
    rows = []
    for measure in comparison.measures:
        totals = [side.futures[measure].total for side in comparison.sides]
        cells = [
            f"{amount(measure, total.point, comparison.currency)} ({between(measure, total, comparison.currency)})"
            for total in totals
        ]
        rows.append((FULL[measure].capitalize(), cells))
    rows.append(("How sure", [side.trust.words for side in comparison.sides]))
    return _table(f"Over {len(comparison.months)} months", names, rows)


def matrix(comparison: Comparison, names: Sequence[str], measure: str) -> Table:
    """Return every difference: the scenario of the row less that of the column."""
    pairs = comparison.against[measure]
    rows = [
        (
            name,
            [
                "–" if row == column else against(pairs[row, column], measure, comparison.currency)
                for column in range(len(names))
            ],
        )
        for row, name in enumerate(names)
    ]
    return _table("Row less column", names, rows)


def _table(first: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Table:
    columns = {first: [title for title, _ in rows]}
    for place, name in enumerate(distinct(names)):
        columns[name] = [cells[place] for _, cells in rows]
    return columns


def distinct(names: Sequence[str]) -> list[str]:
    """Return names that differ: the second “A” is “A (2)”."""
    found: list[str] = []
    for name in names:
        times = sum(1 for earlier in found if earlier == name or earlier.startswith(f"{name} ("))
        found.append(f"{name} ({times + 1})" if times else name)
    return found


def missing(comparison: Comparison) -> str:
    """Return why money is not compared, "" if it is."""
    if "net" in comparison.measures:
        return ""
    notes = [side.note for side in comparison.sides if side.note]
    return notes[0] if notes else "These scenarios are in different currencies, so money is not compared."


def difference_title(comparison: Comparison, names: Sequence[str], measure: str, to: int) -> str:
    """Return the finding of the picture of differences."""
    pairs = comparison.against[measure]
    others = [place for place in range(len(names)) if place != to]
    clear = [place for place in others if pairs[place, to].better >= 1 - 0.1 and not is_even(pairs[place, to])]
    if not clear:
        return f"None is clearly ahead of “{names[to]}”"
    best = max(clear, key=lambda place: pairs[place, to].difference.point)
    return f"“{names[best]}” is ahead of “{names[to]}” in {futures(pairs[best, to].better)}"


def course_title(comparison: Comparison, names: Sequence[str], measure: str) -> str:
    """Return the finding of the picture over time: who ends highest."""
    ends = [side.futures[measure].total.point for side in comparison.sides]
    best = max(range(len(ends)), key=ends.__getitem__)
    if not math.isfinite(ends[best]):
        return "Not known"
    end = amount(measure, ends[best], comparison.currency)
    return f"“{names[best]}” ends highest: {end} by {month(comparison.months[-1])}"
