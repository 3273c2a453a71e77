"""What comes back about what is kept: scenarios, actuals, and whether the forecast is still true.

In:    nothing; these are declarations of what `app.wire` writes.
Out:   one model per reply.
Never: converts.
"""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from app.api.replies import MonthText, Number, Provenance, Reply


class KeptReply(Reply):
    """A kept scenario; `link` is the query of a page, `answered` what was answered when it was kept."""

    id: str
    name: str
    dataset: str
    scope: str
    version: int
    edition: int
    digest: str
    link: str
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str
    locked: bool
    archived: bool
    decided: int
    note: str
    answered: dict[str, JsonValue]


class KeptsReply(Reply):
    """Every kept scenario."""

    scenarios: list[KeptReply]


class Stake(Reply):
    """What a finding moves in the next twelve months."""

    gb: Number
    ratio: Number
    money: Number


class Finding(Reply):
    """One thing that is not as it was; `change` relative, in points for shares."""

    signal: str
    scope: str
    what: str
    colour: Literal["grey", "green", "amber", "red"]
    month: MonthText
    observed: Number
    expected: Number
    change: Number
    p: Number
    months: int
    stake: Stake


class Tile(Reply):
    """One question: its colour, why, and the scopes behind it."""

    colour: Literal["grey", "green", "amber", "red"]
    scopes: list[str]
    reason: str


class Score(Reply):
    """How often the range held in the last months, and how far off the points were."""

    inside: int
    months: int
    wape: Number
    bias: Number


class Due(Reply):
    """Whether the model is to be trained anew."""

    now: bool
    why: str
    months_since: int
    scopes: list[str]


class DriftReply(Reply):
    """Whether it is still true."""

    dataset: str
    scope: str
    month: MonthText
    colour: Literal["grey", "green", "amber", "red"]
    data: Tile
    inputs: Tile
    forecast: Tile
    accuracy: Tile
    findings: list[Finding]
    moved: Stake
    score: Score
    due: Due
    open_months: list[MonthText]
    currency: str
    notes: list[str]
    provenance: Provenance


class ActualReply(Reply):
    """What was kept."""

    dataset: str
    scope: str
    month: MonthText
    archived_gb: float
