"""Every tier on the same case, and which assumption turns their order.

In:    a case, the offers that may hold an archive.
Out:   `TierWorth`s, best first; `Flip`s.
Never: leaves out a tier that cannot be priced: it says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecast_core.errors import PriceError
from forecast_core.money.case import Case
from forecast_core.money.knobs import Knob, value_or_nan
from forecast_core.money.ledger import Ledger
from forecast_core.money.offers import Offer
from forecast_core.money.thresholds import crossing
from forecast_core.money.worth import payback

COARSE = 1e-2
RIVALS = 3
WAYS_UP = {"percent": 0.2, "times": 16.0, "number": 5.0}


@dataclass(frozen=True)
class TierWorth:
    """One tier on the case: value today, what it saves and pays; `problem` says why it is not priced, "" if it is.

    `ledger` is the bill the amounts are taken from, None where there is none.
    """

    offer: Offer
    value: float
    saved: float
    paid: float
    payback_months: int | None
    problem: str
    low_confidence: bool = False
    ledger: Ledger | None = None


@dataclass(frozen=True)
class Flip:
    """At which value of an assumption another tier becomes the better one."""

    knob: str
    title: str
    unit: str
    today: float
    at: float
    winner: str


def tiers(case: Case) -> tuple[TierWorth, ...]:
    """Return every archive tier but the primary itself, best first, those that cannot be priced last."""
    offers = [offer for offer in case.book.of_role("archive") if offer.id != case.terms.primary]
    found = [_tier(case, offer) for offer in offers]
    return tuple(sorted(found, key=lambda tier: (bool(tier.problem), -np.nan_to_num(tier.value))))


def on_tier(case: Case, offer_id: str) -> Case:
    """Return the case in another tier."""
    return case.varied(terms=replace(case.terms, archive=offer_id))


def _tier(case: Case, offer: Offer) -> TierWorth:
    here = on_tier(case, offer.id)
    try:
        ledger = here.ledger
    except PriceError as error:
        return TierWorth(offer, float("nan"), float("nan"), float("nan"), None, error.what)
    weak = any(price.confidence == "low" for price in ledger.prices if price.offer != case.terms.primary)
    paid = float(ledger.paid.sum())
    return TierWorth(offer, here.value, float(ledger.net.sum()) + paid, paid, payback(ledger.net), "", weak, ledger)


def flips(case: Case, ranked: tuple[TierWorth, ...], turned: tuple[Knob, ...]) -> tuple[Flip, ...]:
    """Return for each assumption where it first makes one of the next tiers better than the best, the nearest first."""
    priced = [tier for tier in ranked if not tier.problem]
    if len(priced) < 2:
        return ()
    best = on_tier(case, priced[0].offer.id)
    others = [(rival.offer.title, on_tier(case, rival.offer.id)) for rival in priced[1 : 1 + RIVALS]]
    found = []
    for knob in turned:
        turns = [turn for title, other in others for turn in _flip(best, other, knob, title)]
        found += sorted(turns, key=_distance)[:1]
    return tuple(sorted(found, key=_distance))


def _flip(best: Case, other: Case, knob: Knob, winner: str) -> list[Flip]:
    def ahead(value: float) -> float:
        """By how much the best one leads; only its own prices move."""
        rival = other if knob.name == "archive_prices" else knob.turn(other, value)
        return value_or_nan(knob.turn(best, value)) - value_or_nan(rival)

    far = max(WAYS_UP.get(knob.unit, knob.upper), knob.upper)
    near = knob.lower if knob.unit != "times" else 1 / far
    for end in (far, near):
        at = crossing(ahead, knob.today, end, COARSE) if end != knob.today else None
        if at is not None:
            return [Flip(knob.name, knob.title, knob.unit, knob.today, at, winner)]
    return []


def _distance(flip: Flip) -> float:
    """Return how far the assumption has to move, in a measure that compares shares and factors."""
    if flip.unit == "times":
        return abs(float(np.log(flip.at / flip.today)))
    return abs(flip.at - flip.today) / (0.05 if flip.unit == "percent" else 1.0)
