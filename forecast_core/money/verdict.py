"""Is it worth it? A verdict that can say no, and the numbers behind it.

In:    a case, its worth, what each file type frees, what limits our trust.
Out:   `Verdict`.
Never: says "worth it" on a price nobody confirmed, or outside of experience.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast_core.money.case import Case
from forecast_core.money.knobs import BreakEven, value_or_nan
from forecast_core.money.worth import Worth, discount

Array = NDArray[np.float64]
Word = Literal["worth it", "worth it for", "not worth it", "too early to say"]
Reason = Literal[
    "sure gain", "sure loss", "depends on volumes", "unconfirmed price", "outside experience", "small files lose",
    "some types lose", "under the quota", "nothing archived", "too small",
]  # fmt: skip
SURE = 0.9
CLEARLY_BETTER = 0.05
LEAST_PER_MONTH = 1.0
Judge = Callable[[Case], Worth]
SIZES_KB = (4, 16, 32, 64, 96, 128, 256, 512, 1024)


@dataclass(frozen=True, eq=False)
class TypeShare:
    """One file type: archived and freed GB per month over all scopes, (H,)."""

    file_type: str
    archived_gb: Array
    freed_gb: Array


@dataclass(frozen=True)
class TypeWorth:
    """What one file type is worth today."""

    file_type: str
    value: float


@dataclass(frozen=True)
class Verdict:
    """`reason` names the rule that decided; `from_kb` is the least size it is worth it for (0 all), `types` the file
    types; `value_selected` what is gained when only these are archived."""

    word: Word
    reason: Reason
    worth: Worth
    break_even: BreakEven
    from_kb: float
    types: tuple[str, ...]
    value_selected: float
    better_from_kb: float
    value_better: float
    by_type: tuple[TypeWorth, ...]


def verdict(case: Case, judge: Judge, at: BreakEven, types: tuple[TypeShare, ...], trusted: bool) -> Verdict:
    """Return the verdict; `judge` knows the sample paths, `trusted` is false where the forecast is a guess."""
    found, by_type = judge(case), _by_type(case, types)
    from_kb, value_from = _best_size(case)
    good = tuple(each.file_type for each in by_type if each.value > 0)
    value_types = sum(each.value for each in by_type if each.value > 0)
    word, reason = _decide(case, found, trusted)
    selected: tuple[float, tuple[str, ...], float] = (0.0, (), found.value.point)
    if reason in ("sure loss", "depends on volumes"):
        if value_from > 0 and from_kb > 0 and _gains(judge(case.on_terms(skip_below_kb=from_kb))):
            word, reason, selected = "worth it for", "small files lose", (from_kb, (), value_from)
        elif good and len(good) < len(by_type) and value_types > CLEARLY_BETTER * abs(found.value.point):
            word, reason, selected = "worth it for", "some types lose", (0.0, good, value_types)
    better = from_kb > 0 and value_from > max(0.0, found.value.point + CLEARLY_BETTER * abs(found.value.point))
    return Verdict(
        word, reason, found, at, *selected, better_from_kb=from_kb if better else 0.0,
        value_better=value_from if better else found.value.point, by_type=by_type,
    )  # fmt: skip


def _decide(case: Case, found: Worth, trusted: bool) -> tuple[Word, Reason]:
    if not case.flows.archived_gb.sum() > 0:
        return "too early to say", "nothing archived"
    if any(price.unconfirmed for price in case.ledger.prices):
        return "too early to say", "unconfirmed price"
    if case.terms.quota_gb is not None and not case.ledger.amount("primary").any():
        return "not worth it", "under the quota"
    if found.loss_probability >= SURE:
        return "not worth it", "sure loss"
    if not trusted:
        return "too early to say", "outside experience"
    if 0 <= found.value.upper < LEAST_PER_MONTH * len(case.months):
        return "not worth it", "too small"
    if _gains(found):
        return "worth it", "sure gain"
    return "too early to say", "depends on volumes"


def _gains(found: Worth) -> bool:
    return found.loss_probability <= 1 - SURE and found.value.point > 0


def _best_size(case: Case) -> tuple[float, float]:
    """Return the least size in KB from which archiving is worth most, 0 for all files, and that worth."""
    values = {float(kb): value_or_nan(case.on_terms(skip_below_kb=float(kb))) for kb in SIZES_KB}
    values[case.terms.skip_below_kb] = case.value
    best = max(values, key=lambda kb: (np.nan_to_num(values[kb], nan=-np.inf), -kb))
    return (0.0 if best <= case.terms.skip_below_kb else best), values[best]


def _by_type(case: Case, types: tuple[TypeShare, ...]) -> tuple[TypeWorth, ...]:
    """Return what each type is worth: its share of what is saved by what it frees, of what is paid by what it takes."""
    weight = discount(len(case.months), case.terms.interest_ratio_per_year)
    saved = float(case.ledger.amount("primary") @ weight)
    paid = float(case.ledger.paid @ weight)
    freed, taken = (sum(float(getattr(each, name) @ weight) for each in types) for name in ("freed_gb", "archived_gb"))
    if not types or freed <= 0 or taken <= 0:
        return ()
    return tuple(
        TypeWorth(
            each.file_type,
            saved * float(each.freed_gb @ weight) / freed - paid * float(each.archived_gb @ weight) / taken,
        )
        for each in types
    )
