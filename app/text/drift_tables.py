"""Tables of the Drift page in words: scopes at risk, the kept score, decisions, alarms, numbers for statisticians.

In:    a `WatchView`.
Out:   columns of text.
Never: colours anything.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text import drift as words
from app.text import drift_findings as findings
from app.text.data import scope as scope_name
from app.text.numbers import count, money, month, percent, significant, volume, volume_range

if TYPE_CHECKING:
    from forecast_core import Invoice, Parts, ScopeRow, WatchView

Table = dict[str, list[str]]
KINDS = {"worse": "got worse"}
UNKNOWN = ""


def scopes(view: WatchView) -> Table:
    """Return the scopes with something found or open, those with most at risk first."""
    rows = view.scopes
    return {
        "Scope": [scope_name(row.scope) for row in rows],
        "Verdict": [words.COLOURS[row.colour] for row in rows],
        "What changed": [_what(row, view) for row in rows],
        "Since": [month(row.since) if row.since is not None else UNKNOWN for row in rows],
        ("GB in 12 months" if view.counts == "forecast" else "GB"): [_signed(row.stake.gb) for row in rows],
        "Saved in 12 months": [_money(row.stake.money, view.currency) for row in rows],
        "What to do": [_do(row, view) for row in rows],
    }


def _what(row: ScopeRow, view: WatchView) -> str:
    if not row.findings:
        return f"{findings.about(row.alarm)}, not seen this month" if row.alarm else UNKNOWN
    return "; ".join(
        f"{findings.input_name(each.what).removeprefix('the ')} {findings.by_how_much(each)}"
        if each.signal in ("inputs", "estate")
        else findings.sentence(each, view)
        for each in row.findings[:3]
    )


def _do(row: ScopeRow, view: WatchView) -> str:
    if row.alarm is not None and row.alarm.state == "acknowledged":
        return f"Known: {row.alarm.reason}"
    return words.action(row.findings[0], view) if row.findings else "Say whether it was meant."


def _signed(gb: float) -> str:
    return f"{'+' if gb > 0 else ''}{volume(gb)}" if gb else UNKNOWN


def _money(amount: float, currency: str) -> str:
    if not math.isfinite(amount) or amount == 0:
        return UNKNOWN
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def track(view: WatchView) -> Table:
    """Return the frozen forecasts of the scope, the latest month first: said, came, and why it differs."""
    rows = tuple(reversed(view.track.rows))
    parts = [view.track.parts.get(str(row.said.month)) for row in rows]
    return {
        "Month": [month(row.said.month) for row in rows],
        "Said in": [month(row.said.issued) for row in rows],
        "We predicted": [volume_range(row.said.lower, row.said.upper) for row in rows],
        "It was": [
            f"{volume(row.actual.archived_gb)}{' (typed in)' if row.actual.source == 'typed' else ''}" for row in rows
        ],
        "Inside": ["yes" if row.inside else "no" for row in rows],
        "Miss": [_signed(row.miss) or "0 GB" for row in rows],
        **_parts(parts, ("volume", "mix", "behaviour")),
        "Revised": [f"first {volume(row.first_known.archived_gb)}" if row.was_revised else UNKNOWN for row in rows],
    }


def _parts(parts: list[Parts | None], names: tuple[str, ...]) -> Table:
    return {
        f"by {name}": [_signed(getattr(each, name)) if each is not None else UNKNOWN for each in parts]
        for name in names
    }


def decided(view: WatchView) -> Table:
    """Return what was decided, month by month: expected and paid, and why it differs, in whole cents."""
    rows = tuple(reversed(view.decided))
    cents = [row.parts.in_cents() if row.parts else None for row in rows]

    def cost(amount: float, currency: str) -> str:
        return money(amount, currency) if math.isfinite(amount) else "no invoice yet"

    return {
        "Scenario": [row.name for row in rows],
        "Month": [month(row.month) for row in rows],
        "Archived, expected": [volume(row.expected_gb) for row in rows],
        "Archived": [volume(row.actual_gb) for row in rows],
        "Cost, expected": [cost(row.expected_cost, row.currency) for row in rows],
        "Paid": [cost(row.actual_cost, row.currency) for row in rows],
        **{
            f"by {name}": [
                _money(each[name], row.currency) if each else UNKNOWN for each, row in zip(cents, rows, strict=True)
            ]
            for name in ("volume", "mix", "price", "behaviour")
        },
    }


def invoice(found: Invoice) -> Table:
    """Return what was understood of an invoice, by month and line."""
    totals: dict[tuple[str, str, str], float] = {}
    for each in found.paid:
        key = (month(each.month), each.line.replace("_", " "), each.currency)
        totals[key] = totals.get(key, 0.0) + each.amount
    return {
        "Month": [key[0] for key in totals],
        "Line": [key[1] for key in totals],
        "Paid": [money(amount, key[2]) for key, amount in totals.items()],
    }


def told(view: WatchView) -> Table:
    """Return every change of state, the latest first, and whether it was told."""
    rows = view.told
    return {
        "When": [f"{row.at:%Y-%m-%d %H:%M}" for row in rows],
        "Scope": [scope_name(row.alarm.scope) for row in rows],
        "What": [findings.about(row.alarm) for row in rows],
        "Since": [month(row.alarm.since) for row in rows],
        "Became": [KINDS.get(row.kind, row.kind) for row in rows],
        "Colour": [row.alarm.colour for row in rows],
        "Why, who": [", ".join(filter(None, (row.alarm.reason, row.alarm.by))) for row in rows],
        "Told": [", ".join(f"{name} {state}" for name, state in row.channels.items()) or "nobody" for row in rows],
    }


def feedback(view: WatchView) -> Table:
    """Return what people said of forecasts, the latest first."""
    rows = tuple(reversed(view.feedback))
    return {
        "When": [f"{row.at:%Y-%m-%d}" for row in rows],
        "Who": [row.by for row in rows],
        "Scope": [scope_name(row.scope) for row in rows],
        "Forecast of": [row.issued for row in rows],
        "Verdict": [row.verdict for row in rows],
        "Why": [row.said for row in rows],
    }


def statistics(view: WatchView) -> Table:
    """Return what a statistician would ask of the scope's inputs."""
    rows = view.paths
    return {
        "Input": [row.input.title for row in rows],
        "Measured": [findings.value(row.input.name, float(row.observed[-1])) for row in rows],
        "Expected": [findings.value(row.input.name, float(row.expected[-1])) for row in rows],
        "p from training": [_p(row.from_training) for row in rows],
        "p from last month": [_p(row.from_last_month) for row in rows],
        "p, all inputs": [_p(row.p) for row in rows],
        "Months known": [count(row.past_months) for row in rows],
        "Noticed from": [_least(row.noticeable, row.input.is_share) for row in rows],
        "Red from": [_least(row.noticeable_red, row.input.is_share) for row in rows],
    }


def _p(value: float) -> str:
    if not math.isfinite(value):
        return "unknown"
    return "< 0.0001" if value < 0.0001 else f"{value:.2g}"


def _least(change: float, share: bool) -> str:
    if not math.isfinite(change):
        return "unknown"
    return f"{significant(change * 100, 2)} points" if share else percent(change)


def background(view: WatchView) -> Table:
    """Return quantiles then and now, and the stability index with what chance alone gives: information, no alarm."""
    rows = view.background
    titles = {path.input.name: path.input.title for path in view.paths}

    def spread(name: str, values: tuple[float, ...]) -> str:
        return " / ".join(findings.value(name, each).removesuffix(" files") for each in values)

    return {
        "Input": [titles.get(row.name, row.name) for row in rows],
        "p10 / p50 / p90 up to training": [spread(row.name, row.trained) for row in rows],
        "in the last 3 months": [spread(row.name, row.latest) for row in rows],
        "Stability index": [_index(row.index) for row in rows],
        "by chance up to": [_index(row.floor) for row in rows],
        "Scopes beyond all that was seen": [percent(row.beyond) for row in rows],
    }


def _index(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "too few rows"
