"""Words of the board pack and of the story: the decision, its key numbers, assumptions, prices, limits."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.text import bills, explain, levers
from app.text import headline as sentences
from app.text import money as verdicts
from app.text.locale import digits
from app.text.numbers import listed, money, money_range, month, percent, period, volume, volume_range
from app.text.scenarios import is_even
from forecast_core import TERMS
from forecast_core.scenario.levers import HORIZON

if TYPE_CHECKING:
    from forecast_core import Answer, Comparison, Interval, MoneyReport, Outlook, Ranges

YEAR = 12
CLEAR = 0.8  # of the futures
Words = dict[str, list[str]]


def decision(answer: Answer, report: MoneyReport | None) -> str:
    """Return the verdict, or where there is no bill the answer in GB."""
    return verdicts.headline(report, report.case.setting.archive) if report else sentences.headline(answer)


def reasons(answer: Answer, report: MoneyReport | None, unpriced: str) -> list[str]:
    """Return the few sentences below a decision."""
    volumes = replace(answer, money=None, money_note="")  # the bill has the money: one sum on a page, after every fee
    said = [sentences.headline(volumes)] if report else []
    lacking = [] if answer.money_note else [unpriced]  # then the sentence has said it
    priced = [verdicts.change(report), *_cautions(report)] if report else lacking
    sure = f"How sure: {sentences.trust_line(answer).rstrip('.')}."
    return [text for text in (*said, *priced, sure) if text]


def _cautions(report: MoneyReport) -> list[str]:
    """Return what to check, without the trust, which is said for itself."""
    trust = report.trust.reason.rstrip(".").lower()
    return [text for text in verdicts.cautions(report) if text.rstrip(".").lower() != trust]


def key_numbers(answer: Answer, report: MoneyReport | None) -> Words:
    """Return the numbers behind a decision, each with its range."""
    over = period(len(answer.months))
    rows = [(f"Archived {over}", *_volume(answer.archived_total.scenario))]
    if answer.savings_total:
        rows.append((f"Freed on primary {over}", *_volume(answer.savings_total.scenario)))
    if report:
        rows += _money(report)
    return {"": [row[0] for row in rows], "Expected": [row[1] for row in rows], "Range": [row[2] for row in rows]}


def _volume(total: Interval) -> tuple[str, str]:
    return volume(total.point), volume_range(total.lower, total.upper)


def _money(report: MoneyReport) -> list[tuple[str, str, str]]:
    worth, ends, currency = report.verdict.worth, report.cumulative, report.currency
    last = tuple(float(values[-1]) for values in (ends.point, ends.lower, ends.upper))
    paid = "at once" if worth.payback_months == 0 else f"after {worth.payback_months} months"
    late = f"more than {worth.months}" if worth.payback_upper is None else f"{worth.payback_upper}"
    known = worth.payback_lower is not None and worth.payback_lower != worth.payback_upper
    return [
        (f"Saved after every fee {verdicts.over(report)}", money(last[0], currency),
         money_range(last[1], last[2], currency)),
        ("Worth today", money(worth.value.point, currency),
         money_range(worth.value.lower, worth.value.upper, currency)),
        ("Paid back", "not in this time" if worth.payback_months is None else paid,
         f"{worth.payback_lower} to {late} months" if known else ""),
        ("Chance to lose money", percent(worth.loss_probability), ""),
    ]  # fmt: skip


def assumptions(answer: Answer, known: Ranges, report: MoneyReport | None) -> Words:
    """Return every lever as it is today and as it is set, then the terms of money that are not nothing."""
    currency = report.currency if report else "USD"
    rows = [
        (item.lever.title, levers.value(item.lever, answer.baseline.values[item.lever.name], currency),
         levers.value(item.lever, answer.scenario.values[item.lever.name], currency),
         "assumed" if item.lever.assumed else "decided")
        for item in known.available() if item.lever is not HORIZON
    ]  # fmt: skip
    for term in TERMS if report else ():
        given = getattr(report.terms, term.name) if report else None
        if isinstance(given, int | float) and given:
            rows.append((term.title, "", verdicts.term(term, float(given)), "term of money"))
    heads = ("Lever", "Today", "Here", "Kind")
    return {head: [row[place] for row in rows] for place, head in enumerate(heads)}


def assumptions_title(answer: Answer, known: Ranges) -> str:
    """Return what was changed."""
    titles = [item.lever.title.lower() for item in known.available() if item.lever.name in answer.moved]
    return f"What is assumed; changed: {listed(titles)}" if titles else "What is assumed: everything as it is today"


def prices(report: MoneyReport) -> Words:
    """Return every price with its source."""
    used = report.prices
    return {
        "Price": [use.price.title for use in used],
        "Amount": [f"{bills.bands(use.price)} {use.price.currency}" for use in used],
        "per": [use.price.unit for use in used],
        "Source": [use.price.source for use in used],
        "Read": [f"{use.price.read}{' (old)' if use.is_stale else ''}" for use in used],
        "Confidence": [use.price.confidence for use in used],
    }


def limits(answer: Answer, report: MoneyReport | None, unpriced: str) -> list[str]:
    """Return what these numbers do not know."""
    notes = [*answer.notes, *([verdicts.gap(report), *report.notes] if report else [unpriced])]
    sure = sentences.coverage_line(answer.provenance.coverage, answer.provenance.measured_coverage)
    stored = [] if report else explain.numbers(answer)[:1]
    return [text for text in dict.fromkeys((sure, *stored, *notes)) if text]


# ── the story ──────────────────────────────────────────────────────────────────────────────────────────────────────
def where_we_are(outlook: Outlook) -> tuple[str, list[str]]:
    """Return what the last year was like: a title and sentences."""
    past = outlook.past
    archived, freed = _year(past.archived_gb), _year(past.savings_gb)
    if not math.isfinite(archived):
        return "Where we are", [f"The data reach to {month(outlook.provenance.data_to)}."]
    also = f" and freed {volume(freed)}" if math.isfinite(freed) else ""
    files = past.total_files[np.isfinite(past.total_files)]
    on_primary = [f"{digits(f'{files[-1]:,.0f}')} files lie on primary storage."] if len(files) else []
    return f"In the last year we archived {volume(archived)}{also}", on_primary


def _year(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    known = values[-YEAR:][np.isfinite(values[-YEAR:])]
    return float(known.sum()) if len(known) else math.nan


def recommendation_title(
    report: MoneyReport | None, options: Comparison | None, names: tuple[str, ...], subject: str
) -> str:
    """Return what to do: the option ahead, where it is one; nothing where no option saves; or that it is too early."""
    if report and report.verdict.word == "too early to say":
        return "It is too early to recommend"
    if options is None:
        return verdicts.headline(report, report.case.setting.archive) if report else "What follows"
    totals = [side.futures[options.measures[0]].total.point for side in options.sides]
    best, second = sorted(range(len(totals)), key=lambda place: -totals[place])[:2]
    if options.measures[0] == "net" and totals[best] <= 0:
        return "Recommendation: do not archive on these terms, no option saves"
    if report and report.verdict.word == "not worth it" and names[best] == subject:
        return f"Recommendation: not “{subject}”, it is not worth the work"
    found = options.against[options.measures[0]][best, second]
    if is_even(found):
        return f"“{names[best]}” and “{names[second]}” come to the same"
    return f"Recommendation: “{names[best]}”{'' if found.better >= CLEAR else ', though not clearly ahead'}"


def recommendation(answer: Answer, report: MoneyReport | None, leader: str, subject: str) -> list[str]:
    """Return why: the comparison, then the bill of the open scenario, called by its name."""
    priced = [f"{subject}: {decision(answer, report)}", *verdicts.cautions(report)] if report else []
    return [text for text in (leader, *priced) if text]
