"""What it all comes to: a colour for each finding, each question and the whole, tied to GB and money at risk.

In:    faults, checks, biases, what each moves in the next twelve months.
Out:   `Finding`s, the worst first; `Tiles`, the four questions; one colour for the page.
Never: shows red for something that moves neither forecast nor money; calls it green where nothing could be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecast_core.drift.accuracy import Bias
from forecast_core.drift.changes import USUAL, Checked, Materiality
from forecast_core.drift.quality import Fault
from forecast_core.history import ALL

Colour = Literal["grey", "green", "amber", "red"]
Signal = Literal["quality", "integrity", "accuracy", "range", "inputs", "estate"]
RANK: Mapping[Colour, int] = {"grey": 0, "green": 1, "amber": 2, "red": 3}
SIGNALS: tuple[Signal, ...] = ("quality", "integrity", "accuracy", "range", "inputs", "estate")


@dataclass(frozen=True)
class Stake:
    """What a finding moves in the next twelve months: archived GB, relative to the forecast without it, and money."""

    gb: float
    ratio: float
    money: float = float("nan")


NO_STAKE = Stake(0.0, 0.0)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    `what` is an input, a rule or an empty text; `change` relative, in points for shares; `months` it was seen over.
    """

    signal: Signal
    scope: str
    what: str
    colour: Colour
    month: np.datetime64
    observed: float = float("nan")
    expected: float = float("nan")
    change: float = float("nan")
    p: float = float("nan")
    months: int = 1
    stake: Stake = NO_STAKE

    @property
    def key(self) -> str:
        """Return what stays the same from month to month: an alarm is about this."""
        return f"{self.signal}/{self.what}/{self.scope}"


@dataclass(frozen=True)
class Tile:
    """One of the four questions: its colour, and the scopes behind it."""

    colour: Colour
    scopes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Overall:
    """The whole: data, inputs, forecast, accuracy, and the one colour of the page with the finding that explains it."""

    colour: Colour
    data: Tile
    inputs: Tile
    accuracy: Tile
    worst: Finding | None


def from_faults(faults: Iterable[Fault]) -> tuple[Finding, ...]:
    """Return the findings of broken rules: red, because nothing can be judged there."""
    return tuple(
        Finding(
            "quality", fault.scope, _what(fault), "red", fault.month, fault.value, fault.usual, fault.factor,
        )
        for fault in faults
    )  # fmt: skip


def _what(fault: Fault) -> str:
    return f"{fault.rule}:{fault.column}" if fault.column else fault.rule


def from_inputs(checked: Checked, stakes: Mapping[str, Stake], on_hold: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return the inputs that left their path; red where it is striking and moves the forecast."""
    held = set(on_hold)
    found = []
    for row, column in np.argwhere(checked.noticed):
        scope = checked.scopes[row]
        if scope in held or (scope == ALL and len(checked.scopes) == 2):
            continue  # the only scope is the whole; it is told once
        stake = stakes.get(scope, NO_STAKE)
        red = checked.striking[row, column] and abs(stake.ratio) >= checked.materiality.forecast
        found.append(
            Finding(
                signal="inputs",
                scope=scope,
                what=checked.inputs[column].name,
                colour="red" if red else "amber",
                month=checked.month,
                observed=float(checked.observed[row, column]),
                expected=float(checked.expected[row, column]),
                change=float(checked.change[row, column]),
                p=float(checked.p[row, column]),
                stake=stake,
            )
        )
    return tuple(item for item in found if not _told_by_a_scope(item, found))


def _told_by_a_scope(finding: Finding, found: Sequence[Finding]) -> bool:
    """Return whether a red finding of ALL is that of one red scope, which then speaks for itself."""
    return (
        finding.scope == ALL
        and finding.colour == "red"
        and any(
            each.scope != ALL
            and each.what == finding.what
            and each.colour == "red"
            and abs(each.stake.gb) >= abs(finding.stake.gb) / 2
            for each in found
        )
    )


def from_accuracy(
    bias: Bias, scopes: Sequence[str], month: np.datetime64, yearly_gb: Mapping[str, float], price: float = float("nan")
) -> tuple[Finding, ...]:
    """Return the scopes whose forecasts no longer come true; `price` is what a GB is worth over the next year."""
    found = []
    for row, scope in enumerate(scopes):
        if scope == ALL and len(scopes) == 2:
            continue  # the only scope is the whole; it is told once
        off = float(bias.bias[row]) * yearly_gb.get(scope, 0.0)
        stake = Stake(off, float(bias.bias[row]), off * price)
        if bias.is_amber[row]:
            colour: Colour = "red" if bias.is_red[row] else "amber"
            p, months = float(bias.p[row]), int(bias.months[row])
            found.append(
                Finding("accuracy", scope, "", colour, month, change=stake.ratio, p=p, months=months, stake=stake)
            )
        if bias.range_broke[row]:
            missed, judged = float(bias.misses[row]), int(bias.judged[row])
            found.append(Finding("range", scope, "", "amber", month, observed=missed, months=judged, stake=stake))
    return tuple(found)


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, the worst first: colour, then kind, then money or GB at risk."""

    def order(finding: Finding) -> tuple[int, int, float]:
        risk = finding.stake.money if np.isfinite(finding.stake.money) else finding.stake.gb
        return -RANK[finding.colour], SIGNALS.index(finding.signal), -abs(risk) if finding.scope != ALL else 0.0

    return tuple(sorted(findings, key=order))


def overall(
    findings: Sequence[Finding],
    gb: Mapping[str, float],
    can_tell: Mapping[str, bool],
    materiality: Materiality = USUAL,
) -> Overall:
    """Return the colour of the page: data before accuracy before inputs, and only what is large enough.

    `gb` is what each scope archives in the next twelve months, `can_tell` says which questions could be asked at all
    ("inputs", "accuracy").
    """
    tiles = {
        "data": _tile([item for item in findings if item.signal in ("quality", "integrity")], gb, materiality, True),
        "accuracy": _tile(
            [item for item in findings if item.signal in ("accuracy", "range")], gb, materiality, can_tell["accuracy"]
        ),
        "inputs": _tile(
            [item for item in findings if item.signal in ("inputs", "estate")], gb, materiality, can_tell["inputs"]
        ),
    }
    known = [tile.colour for tile in tiles.values()]
    colour = max(known, key=lambda each: RANK[each])
    if colour == "green" and tiles["inputs"].colour == "grey":
        colour = "grey"
    worst = ranked(findings)
    return Overall(colour, tiles["data"], tiles["inputs"], tiles["accuracy"], worst[0] if worst else None)


def _tile(findings: Sequence[Finding], gb: Mapping[str, float], materiality: Materiality, can_tell: bool) -> Tile:
    """Red if ALL is red or red scopes put enough GB at risk; amber if any scope is red or ALL is amber; else green."""
    if not findings:
        return Tile("green" if can_tell else "grey")
    single = set(gb) - {ALL}
    whole = {ALL} | (single if len(single) == 1 else set())
    red = {item.scope for item in findings if item.colour == "red"}
    amber = {item.scope for item in findings if item.colour == "amber"}
    scopes = tuple(dict.fromkeys(item.scope for item in findings if item.scope != ALL))
    total = sum(value for scope, value in gb.items() if scope != ALL)
    at_risk = {item.scope: abs(item.stake.gb) for item in findings if item.colour == "red" and item.scope != ALL}
    if whole & red or (red and sum(at_risk.values()) >= materiality.portfolio * total):
        return Tile("red", scopes)
    return Tile("amber" if red or whole & amber else "green", scopes)
