"""Alarms with a memory: raised once, told once, kept until somebody or something settles them.

In:    alarms as they stand, this month's findings, what people did.
Out:   alarms as they stand now, and the `Change`s worth telling.
Never: flaps: a finding that comes and goes is one alarm; tells anything but a change of state.

raised ─ acknowledged (with a reason) ─ closed (quiet for three months)
       ─ explained (it was meant: the new level counts from that month)
       ─ closed (data mended, or the model was trained anew)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from forecast_core.drift.verdict import RANK, Colour, Finding
from forecast_core.errors import DataError
from forecast_core.history import ALL
from forecast_core.months import months_between

State = Literal["raised", "acknowledged", "explained", "closed"]
Kind = Literal["raised", "worse", "acknowledged", "explained", "closed"]
OPEN: tuple[State, ...] = ("raised", "acknowledged")
QUIET_MONTHS = 3
# These are about what is there now; the others stay until somebody settles them.
SOUND_AGAIN = {"quality": "The data is sound again.", "integrity": "The model is the one that was put there again."}
LEARNED = ("inputs", "accuracy", "range")
LONGEST_REASON = 500


@dataclass(frozen=True)
class Alarm:
    """One alarm: what it is about, since when, how bad it was at worst, and what was done.

    `seen` is the last month with a finding; `settled` what closed it: "training", "quiet" or "data"; `by` who acted.
    """

    key: str
    scope: str
    signal: str
    what: str
    since: np.datetime64
    seen: np.datetime64
    colour: Colour
    state: State = "raised"
    reason: str = ""
    by: str = ""
    settled: str = ""
    gb: float = 0.0
    money: float = float("nan")
    change: float = float("nan")
    observed: float = float("nan")
    expected: float = float("nan")

    @classmethod
    def of(cls, finding: Finding) -> Alarm:
        """Return the alarm that a finding raises."""
        return cls(
            key=finding.key,
            scope=finding.scope,
            signal=finding.signal,
            what=finding.what,
            since=finding.month,
            seen=finding.month,
            colour=finding.colour,
            gb=finding.stake.gb,
            money=finding.stake.money,
            change=finding.change,
            observed=finding.observed,
            expected=finding.expected,
        )

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something."""
        return self.state in OPEN


@dataclass(frozen=True)
class Change:
    """A change of state in a month: the only thing that is ever sent."""

    kind: Kind
    month: np.datetime64
    alarm: Alarm

    @property
    def id(self) -> str:
        """Return a name that the same change has whenever it is found again: nothing is told twice."""
        return f"{self.alarm.key}@{self.alarm.since}/{self.kind}/{self.month}/{self.alarm.colour}"


def month_passed(
    standing: Iterable[Alarm], findings: Iterable[Finding], month: np.datetime64, judged: Iterable[str] | None = None
) -> tuple[tuple[Alarm, ...], tuple[Change, ...]]:
    """Return the alarms after a month's check, and what changed; asking twice for one month changes nothing more.

    `judged` are the scopes that could be judged at all (everybody unless given): a scope on hold is not quiet.
    """
    standing = tuple(standing)
    learned = {(alarm.key, alarm.seen) for alarm in standing if alarm.settled == "training"}
    found = {finding.key: finding for finding in findings if (finding.key, finding.month) not in learned}
    able = None if judged is None else set(judged)
    kept: dict[str, Alarm] = {alarm.key: alarm for alarm in standing if alarm.is_open}
    changes: list[Change] = []
    for key, finding in found.items():
        before = kept.get(key)
        kept[key] = Alarm.of(finding) if before is None else _again(before, finding)
        if before is None:
            changes.append(Change("raised", month, kept[key]))
        elif RANK[kept[key].colour] > RANK[before.colour]:
            changes.append(Change("worse", month, kept[key]))
    for key, alarm in kept.items():
        could_see = able is None or alarm.scope in able
        if key not in found and could_see and (why := _settled(alarm, month)):
            kept[key] = replace(alarm, state="closed", reason=alarm.reason or why[1], settled=why[0])
            changes.append(Change("closed", month, kept[key]))
    return tuple(kept.values()), tuple(changes)


def _again(alarm: Alarm, finding: Finding) -> Alarm:
    """Return the alarm after it was seen again; one that was acknowledged and got worse is raised anew."""
    worse = RANK[finding.colour] > RANK[alarm.colour]
    return replace(
        alarm,
        seen=max(alarm.seen, finding.month),
        colour=finding.colour if worse else alarm.colour,
        state="raised" if worse else alarm.state,
        gb=finding.stake.gb,
        money=finding.stake.money,
        change=finding.change,
        observed=finding.observed,
        expected=finding.expected,
    )


def _settled(alarm: Alarm, month: np.datetime64) -> tuple[str, str] | None:
    """Return what closes an alarm that is not seen any more and why, None if it stays."""
    if alarm.signal in SOUND_AGAIN:
        return "data", SOUND_AGAIN[alarm.signal]
    if alarm.seen == month:
        return "data", "What was found is gone from the data."
    if alarm.state == "acknowledged" and months_between(alarm.seen, month) >= QUIET_MONTHS:
        return "quiet", f"Nothing was seen for {QUIET_MONTHS} months."
    return None


def acknowledged(alarm: Alarm, reason: str, by: str, month: np.datetime64) -> Change:
    """Return the alarm known and being watched; DataError without a reason or where it is settled."""
    return _acted("acknowledged", alarm, reason, by, month)


def explained(alarm: Alarm, reason: str, by: str, month: np.datetime64) -> Change:
    """Return the alarm explained: what changed was meant, and the new level counts from `since`."""
    return _acted("explained", alarm, reason, by, month)


def retrained(alarm: Alarm, version: str, month: np.datetime64) -> Change:
    """Return the alarm closed by a training that learned from what it was about."""
    return Change(
        "closed", month, replace(alarm, state="closed", reason=f"{version} was trained on it.", settled="training")
    )


def _acted(
    state: Literal["acknowledged", "explained"], alarm: Alarm, reason: str, by: str, month: np.datetime64
) -> Change:
    if not alarm.is_open:
        raise DataError("This alarm is settled already.", hint="See the history of alarms.")
    if not reason.strip():
        raise DataError("A reason is needed.", hint="Say in a few words what happened; it is kept with the alarm.")
    return Change(state, month, replace(alarm, state=state, reason=reason.strip()[:LONGEST_REASON], by=by))


def new_levels(alarms: Iterable[Alarm]) -> Mapping[tuple[str, str], tuple[np.datetime64, ...]]:
    """Return the months from which an input of a scope has a new level: those of alarms that were explained.

    What was meant in a scope was meant in the whole.
    """
    found: dict[tuple[str, str], set[np.datetime64]] = {}
    for alarm in alarms:
        if alarm.state == "explained" and alarm.signal in ("inputs", "estate"):
            for scope in {alarm.scope, ALL}:
                found.setdefault((scope, alarm.what), set()).add(alarm.since)
    return {key: tuple(sorted(months)) for key, months in found.items()}
