"""The sentence of the simulator: direction, size, money, horizon, and the one caveat that matters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.levers import MIX_NAMES, changes
from app.text.numbers import money, money_range, month, out_of, percent, period, volume, volume_range

if TYPE_CHECKING:
    from forecast_core import Answer, Interval, MoneyAnswer, Total

NOTICEABLE_RATIO = 0.005
CENT = 0.005


def headline(answer: Answer) -> str:
    """Return the answer in one sentence, and one more if something must be said with it."""
    main = _unchanged(answer) if not answer.moved else _changed(answer)
    return f"{main} {caveat(answer)}".strip()


def _unchanged(answer: Answer) -> str:
    total, word = main_volume(answer)
    parts = f"{volume(total.scenario.point)} {word}"
    if answer.money:
        saved = answer.money.total.scenario.point
        parts += f" and {_amount(saved, answer.money)} saved net" if saved >= 0 else _costs(saved, answer.money)
    return f"If nothing changes, we expect {parts} {period(len(answer.months))}."


def _costs(saved: float, priced: MoneyAnswer) -> str:
    return f", and the archive to cost {_amount(-saved, priced)} more than it saves"


def _changed(answer: Answer) -> str:
    total, word = main_volume(answer)
    volume_moves = noticeable(total)
    money_moves = answer.money is not None and noticeable(answer.money.total, CENT)
    when, what = period(len(answer.months)), changes(answer)
    if not volume_moves and not money_moves:
        return f"{what}: no noticeable difference {when}."
    parts = f"{_more(total.change.point)} {word}" if volume_moves else f"the same volume {word}"
    if answer.money:
        parts += _money_part(answer.money, total.change.point if volume_moves else 0.0, money_moves)
    return f"{what}: we expect {parts} {when}."


def _money_part(priced: MoneyAnswer, volume_change: float, moves: bool) -> str:
    if not moves:
        return ", with no noticeable difference in money"
    change = priced.total.change.point
    joint = "but" if change * volume_change < 0 else "and"
    return f" {joint} {_amount(abs(change), priced)} {'more' if change > 0 else 'less'} saved net"


def _more(change: float) -> str:
    return f"{volume(abs(change))} {'more' if change > 0 else 'less'}"


def _amount(value: float, priced: MoneyAnswer) -> str:
    return money(value, priced.currency)


def main_volume(answer: Answer) -> tuple[Total, str]:
    """Return what the sentence is about: freed where savings were measured, archived otherwise."""
    if answer.savings_total is not None:
        return answer.savings_total, "freed"
    return answer.archived_total, "archived"


def noticeable(total: Total, least: float = 0.0) -> bool:
    """Return whether a change is worth a number: half a percent of what comes anyway, and more than `least`."""
    change = abs(total.change.point)
    return change > least and change >= NOTICEABLE_RATIO * abs(total.baseline.point)


def caveat(answer: Answer) -> str:
    """Return the one thing that must be said with the answer, the gravest first; "" if there is none."""
    if answer.trust.colour == "red":
        return f"Take it as a guess: {_lower(answer.trust.reason)}"
    for text in (_fades(answer), _pays_back(answer), _unpriced(answer), _mix(answer)):
        if text:
            return text
    return ""


def _fades(answer: Answer) -> str:
    used_up, before = answer.used_up_month, answer.baseline_used_up_month
    more = answer.archived_total.change.point > 0 and "archive_frequency_per_day" in answer.moved
    if more and used_up is not None and (before is None or used_up < before):
        return f"The extra fades: from {month(used_up)} on the archiver may take more than the backlog holds."
    return ""


def _pays_back(answer: Answer) -> str:
    if answer.money is None or not answer.moved or not noticeable(answer.money.total, CENT):
        return ""
    if answer.money.break_even == "pays back" and answer.money.break_even_month is not None:
        return f"It costs first and pays back from {month(answer.money.break_even_month)} on."
    more = main_volume(answer)[0].change.point > 0
    return "It does not pay back in that time." if answer.money.break_even == "never" and more else ""


def _unpriced(answer: Answer) -> str:
    return "" if answer.money else answer.money_note


def _mix(answer: Answer) -> str:
    if set(answer.moved) & set(MIX_NAMES):
        return next((note for note in answer.notes if "mix" in note.lower()), "")
    return ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".") + "." if sentence else ""


def range_line(answer: Answer) -> str:
    """Return the range of the headline's figures and how often such ranges were right."""
    total, word = main_volume(answer)
    shown = total.change if answer.moved else total.scenario
    parts = [f"{volume_range(shown.lower, shown.upper)} {word}"]
    if answer.money:
        parts.append(
            _money_range(answer.money, answer.money.total.change if answer.moved else answer.money.total.scenario)
        )
    subject = "Change" if answer.moved else "Range"
    sure = coverage_line(answer.provenance.coverage, answer.provenance.measured_coverage)
    return f"{subject}: {', '.join(parts)}. {sure}"


def _money_range(priced: MoneyAnswer, shown: Interval) -> str:
    return f"{money_range(shown.lower, shown.upper, priced.currency)} saved net"


def coverage_line(promised: float, measured: float) -> str:
    """Return how sure a band is, and how often it was right on months it had not seen."""
    said = f"We expect {out_of(promised)} such ranges to hold"
    return f"{said}; on past months {percent(measured)} did." if math.isfinite(measured) else f"{said}."


def trust_line(answer: Answer) -> str:
    """Return the trust words with their reason, unless the headline gave it already."""
    reason = answer.trust.reason if answer.trust.colour == "amber" else ""
    return f"{answer.trust.words}: {_lower(reason)}" if reason else answer.trust.words
