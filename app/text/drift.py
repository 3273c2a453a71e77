"""Sentences of the Drift page: is it still true, what moved, what it is worth, what to do.

In:    a `WatchView`.
Out:   sentences without p-values; fixed templates.
Never: says "nothing happened" where it means "nothing was noticed".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text import drift_findings as findings
from app.text.data import scope as scope_name
from app.text.numbers import listed, money, month, percent, significant, volume, volume_range

if TYPE_CHECKING:
    from forecast_core import Due, Finding, InputPath, Stake, Tile, Track, WatchView

COLOURS = {"green": "all well", "amber": "watch it", "red": "act", "grey": "cannot be told yet"}
TILES = ("Data sound?", "Inputs as expected?", "Forecast moved?", "Forecast accurate?")


# ── the one sentence ───────────────────────────────────────────────────────────────────────────────────────────────
def headline(view: WatchView) -> str:
    """Return the one sentence: what is wrong and since when, or what would have been noticed."""
    worst = view.overall.worst
    if view.overall.colour in ("red", "amber") and worst is not None:
        return findings.sentence(worst, view)
    if view.overall.inputs.colour == "grey":
        return _too_early(view)
    return _all_well(view)


def _too_early(view: WatchView) -> str:
    return (
        f"Only {view.past_months} months of history: changes cannot be judged yet. Data checks still run; "
        f"drift checks start in {month(view.first_check)}."
    )


def _all_well(view: WatchView) -> str:
    first = "Inputs follow their usual growth and season."
    return f"{first} {noticeable(view)}" if view.paths else first


def noticeable(view: WatchView) -> str:
    """Return the smallest change that would have been noticed, so that green is not read as "nothing happened"."""
    found = [path for path in view.paths if math.isfinite(path.noticeable)]
    if not found:
        return ""
    named = [each for each in found if not each.input.is_share][:2] or found[:2]
    parts = [f"{_size(path, path.noticeable)} in {_short(path)}" for path in named]
    return f"We would have noticed a change of {listed(parts)}."


def _size(path: InputPath, change: float) -> str:
    return f"{significant(change * 100, 2)} points" if path.input.is_share else percent(change)


def _short(path: InputPath) -> str:
    return findings.input_name(path.input.name).removeprefix("the ").replace("number of files", "files")


def small(path: InputPath) -> str:
    """Return what a small picture says: `179 a day, expected 284`."""
    now = findings.value(path.input.name, float(path.observed[-1]))
    if not math.isfinite(path.expected[-1]):
        return f"{now}; cannot be judged yet"
    expected = findings.value(path.input.name, float(path.expected[-1]))
    return f"{now}, expected {expected}" if path.noticed else f"{now}, as expected"


def expectation(path: InputPath) -> str:
    """Return what line and band of a picture are."""
    if path.trained is None:
        return "line and 90 % band: what the months before each one expect"
    return f"line and 90 % band: what the past up to {month(path.trained)} (shaded) expects"


def path_title(path: InputPath, scope: str) -> str:
    """Return the title of the large picture."""
    name = findings.input_name(path.input.name)
    first = f"{name[0].upper()}{name[1:]} in {findings.place(scope)}"
    if not path.noticed:
        return f"{first} is on its path"
    side = "above" if path.change > 0 else "below"
    size = f"{significant(abs(path.change) * 100, 2)} points" if path.input.is_share else percent(abs(path.change))
    return f"{first} is {size} {side} what its past expects"


def smalls(view: WatchView) -> str:
    """Return the title above the small pictures."""
    off = sum(path.noticed for path in view.paths)
    where = findings.place(view.shown_scope)
    if not off:
        return f"Every input of {where} is on its path"
    return f"{off} of {len(view.paths)} inputs of {where} left {'its' if off == 1 else 'their'} path"


# ── below it ───────────────────────────────────────────────────────────────────────────────────────────────────────
def effect(stake: Stake, view: WatchView) -> str:
    """Return what findings move: in the next twelve months, or in what lies there where nothing is archived."""
    currency = view.currency
    if view.counts == "stock":
        side = "more" if stake.gb > 0 else "less"
        size = f"{volume(abs(stake.gb))} ({percent(abs(stake.ratio))}) {side} than expected"
        return f"At the usual size per file that is {size}; no rule archives anything here."
    if stake.gb == 0:
        return "The forecast of the next 12 months does not move."
    way = "higher" if stake.gb > 0 else "lower"
    first = f"The forecast of the next 12 months is {volume(abs(stake.gb))} ({percent(abs(stake.ratio))}) {way}"
    if not math.isfinite(stake.money) or stake.money == 0:
        return f"{first}."
    return f"{first}, worth {money(abs(stake.money), currency)} {'more' if stake.money > 0 else 'less'} saved."


def below(view: WatchView) -> str:
    """Return effect and action of the worst finding; what is left to know where all is well."""
    worst = view.overall.worst
    if worst is None or view.overall.colour in ("green", "grey"):
        return growth(view)
    risk = f"{volume(worst.stake.gb)} of the next 12 months are on hold." if worst.signal == "quality" else ""
    if worst.signal in ("inputs", "estate"):
        risk = effect(worst.stake, view)
    if worst.signal == "accuracy":
        risk = f"Over 12 months that is {volume(abs(worst.stake.gb))}."
    return f"{risk} {action(worst, view)}".strip()


def action(finding: Finding, view: WatchView) -> str:
    """Return what to do about a finding."""
    late = view.overall.accuracy.colour in ("amber", "red")
    if finding.signal == "quality":
        return "Check the source; the forecast for this scope is on hold."
    if finding.signal == "integrity":
        return "Roll back to the version that was decided."
    if finding.signal in ("accuracy", "range"):
        moved = view.overall.inputs.colour in ("amber", "red")
        if moved:
            return "Train anew and compare with the model that answers."
        return "The relation itself changed: train anew with recent months, and check how actuals are measured."
    if finding.colour == "amber":
        return "Watching; it is looked at again next month."
    if late:
        return "Train anew and compare with the model that answers."
    if view.counts == "stock":
        return "Confirm that it was meant."
    return "Confirm that it was meant; the forecast already uses it, no training is needed."


def growth(view: WatchView) -> str:
    """Return that growth is no drift, where there is some."""
    if not math.isfinite(view.growth) or abs(view.growth) < 0.1:
        return ""
    side = "above" if view.growth > 0 else "below"
    return (
        f"Files are {percent(abs(view.growth))} {side} the average up to {month(view.trained)}: "
        "this is the growth that the model expects."
    )


# ── tiles ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def tiles(view: WatchView) -> tuple[tuple[str, str, str, str], ...]:
    """Return the four questions: title, colour, answer, what is behind it."""
    found = view.overall
    return (
        (TILES[0], found.data.colour, _answer(found.data, "sound"), _who(found.data) or "No rule is broken."),
        (TILES[1], found.inputs.colour, _answer(found.inputs, "as expected"), _inputs(view)),
        (TILES[2], view.forecast.colour, _answer(view.forecast, "not by much"), _forecast(view)),
        (TILES[3], found.accuracy.colour, _answer(found.accuracy, "yes, as usual"), _accurate(view)),
    )


def _answer(tile: Tile, well: str) -> str:
    return {"green": well, "amber": "watch it", "red": "act", "grey": "cannot be told yet"}[tile.colour]


def _who(tile: Tile) -> str:
    if not tile.scopes:
        return ""
    names = [scope_name(name) for name in tile.scopes[:3]]
    more = len(tile.scopes) - len(names)
    return f"{listed(names)}{f' and {more} more' if more > 0 else ''}."


def _inputs(view: WatchView) -> str:
    tile = view.overall.inputs
    if tile.colour == "grey":
        return f"Checks start in {month(view.first_check)}."
    small = "Small changes in " if tile.colour == "green" and tile.scopes else ""
    return f"{small}{_who(tile)}" if tile.scopes else noticeable(view)


def _forecast(view: WatchView) -> str:
    if view.forecast.colour == "grey":
        return f"Checks start in {month(view.first_check)}."
    if view.moved.gb == 0:
        return "Nothing unexpected moves it."
    sign = "+" if view.moved.gb > 0 else "−"
    over = "in 12 months" if view.counts == "forecast" else "of what lies there"
    return f"{sign}{volume(abs(view.moved.gb))} ({percent(abs(view.moved.ratio))}) {over}."


def _accurate(view: WatchView) -> str:
    if view.overall.accuracy.colour == "grey":
        return "At least ten months of forecasts and actuals are needed."
    return _who(view.overall.accuracy) or inside(view.track)


# ── the kept score ─────────────────────────────────────────────────────────────────────────────────────────────────
def inside(track: Track) -> str:
    """Return how often the range held: `Inside the range in 10 of the last 12 months`."""
    last = track.inside[-12:]
    if not len(last):
        return "No forecast has come due yet."
    return f"Inside the range in {int(last.sum())} of the last {len(last)} months."


def track(track: Track) -> str:
    """Return the title of the picture: the last month's range and what came."""
    if not len(track.months):
        return "No forecast has come due yet."
    said = volume_range(track.lower[-1], track.upper[-1])
    verb = "We predicted" if track.frozen[-1] else "We would have predicted"
    return f"{verb} {said} for {month(track.months[-1])}, it was {volume(track.actual[-1])}. {inside(track)}"


def chain(view: WatchView) -> str:
    """Return whether what was said is still what was said."""
    if view.chain_broken is not None:
        return (
            f"The record was changed: frozen forecast {view.chain_broken} is not what was written then. "
            "Nothing after it can be trusted; restore a backup."
        )
    if not view.chain_length:
        return "Nothing is frozen yet: open the Forecast page, or let archive-forecast monitor go round."
    return f"{view.chain_length} forecasts and decisions are frozen; each names the sum of the one before it."


def due(due: Due) -> str:
    """Return whether the model is to be trained anew, and why."""
    since = f"{due.months_since} month{'s' if due.months_since != 1 else ''} ago"
    return {
        "first": "This data was never trained for keeps; the next monthly round does it.",
        "alarm": f"Training is due: forecasts are off in {listed([findings.place(name) for name in due.scopes[:3]])}.",
        "year": f"Training is due: the last was {since}.",
        "too soon": f"Forecasts are off, but the last training was {since}; there is too little new to learn from.",
        "fine": f"No training is due; the last was {since}." if due.months_since else "No training is due.",
    }[due.why]


def false_alarms() -> str:
    """Return what to expect where nothing is wrong."""
    return (
        "Where nothing is wrong, expect about one amber alarm per scope in two years and a red one in ten or more "
        "(0.3–0.6 and 0.01–0.12 a year on simulated estates); usual tests raise one in nearly every month."
    )


def method() -> str:
    """Return how the verdict is reached."""
    return (
        "Each input is compared with what its own past expects: trend, season, memory of the month before. Two "
        "questions are asked (since the training, since last month); twice the smaller p times the number of inputs "
        "counts. Amber: below .05 and large; red: below .01 and the forecast moves."
    )


def reference() -> str:
    """Return what the reference numbers are worth."""
    return (
        "Quantiles and stability index are shown because people ask for them; on growing data they always move, so "
        "they raise no alarm. Below 60 latest rows the index is noise and is left out."
    )
