"""What is sent when an alarm changes, and the report of a monthly round.

In:    a change of state, a `Round`.
Out:   `Message`; Markdown.
Never: holds an address, a key or a password.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.text import drift as words
from app.text import drift_findings as findings
from app.text import drift_tables as tables
from app.text.numbers import listed, money, month, volume
from forecast_core import Message

if TYPE_CHECKING:
    from forecast_core import Round, StateChange

KINDS = {
    "raised": "New alarm",
    "worse": "Alarm got worse",
    "acknowledged": "Alarm acknowledged",
    "explained": "Alarm explained",
    "closed": "Alarm closed",
}
ENDS = {"sent": "sent", "waiting": "to be tried again", "failed": "failed", "unsure": "may have arrived"}


def message(change: StateChange, subject: str, public_url: str = "", currency: str = "USD") -> Message:
    """Return what is told of a change of state."""
    alarm = change.alarm
    about = findings.about(alarm)
    title = f"{KINDS[change.kind]} ({alarm.colour}): {findings.place_first(alarm.scope)}, {about}"
    facts = {"Data set": subject, "Since": month(alarm.since), "Looked at": month(change.month)}
    if alarm.gb:
        facts["GB in 12 months"] = f"{'+' if alarm.gb > 0 else ''}{volume(alarm.gb)}"
    if math.isfinite(alarm.money) and alarm.money:
        facts["Saved in 12 months"] = f"{'+' if alarm.money > 0 else ''}{money(alarm.money, currency)}"
    if alarm.reason:
        facts["Reason"] = alarm.reason
    link = f"{public_url.rstrip('/')}/drift?scope={quote(alarm.scope)}" if public_url else ""
    return Message(f"{subject}/{change.id}", title, _text(change), alarm.colour, facts, link)


def _text(change: StateChange) -> str:
    alarm = change.alarm
    if change.kind in ("acknowledged", "explained", "closed"):
        return alarm.reason or "It is settled."
    if alarm.signal in ("inputs", "estate") and math.isfinite(alarm.observed):
        return (
            f"{findings.input_name(alarm.what)} is {findings.value(alarm.what, alarm.observed)} instead of "
            f"{findings.value(alarm.what, alarm.expected)}."
        ).capitalize()
    if alarm.signal == "accuracy":
        return "Forecasts no longer come true; train anew and compare."
    if alarm.signal == "range":
        return "What comes is outside the 90 % range too often."
    if alarm.signal == "integrity":
        return "Another model answers than was put there."
    return "The data breaks a rule; the forecast of this scope is on hold."


def summary(done: Round) -> str:
    """Return one line per thing that a round did."""
    view = done.view
    lines = [f"{view.subject}, {month(view.month)}: {words.COLOURS[view.overall.colour]}. {words.headline(view)}"]
    if done.actuals:
        revised = sum(actual.revision > 0 for actual in done.actuals)
        months = len({actual.month for actual in done.actuals})
        lines.append(f"{months} months newly known, {revised} figures revised. {words.inside(view.track)}")
    if done.changes:
        named = [
            f"{findings.place_first(change.alarm.scope)} {findings.about(change.alarm)} {change.kind}"
            for change in done.changes
        ]
        lines.append(f"Alarms: {listed(named[:5])}.")
    lines.append(f"{words.due(done.due)}{_trained(done)}")
    if done.sent:
        lines.append(f"Alerts: {listed([f'{count} {ENDS[end]}' for end, count in done.sent.items()])}.")
    return "\n".join(lines)


def _trained(done: Round) -> str:
    outcome = done.trained
    if outcome is None:
        return ""
    waits = f" {outcome.challenger} is put forward: {outcome.reason}." if outcome.challenger else f" {outcome.reason}."
    return f" Trained: {outcome.champion} ({outcome.champion_title}) answers.{waits}"


def report(done: Round) -> str:
    """Return the report of a round as Markdown."""
    view = done.view
    parts = [
        f"# Is it still true? {view.subject}, {month(view.month)}",
        f"**{words.COLOURS[view.overall.colour].capitalize()}.** {words.headline(view)}",
        words.below(view),
        "\n".join(f"- **{title}** {answer}. {behind}" for title, _, answer, behind in words.tiles(view)),
        "## What needs a look",
        _markdown(tables.scopes(view)) or "Nothing is open.",
        "## Forecast and actual",
        words.track(view.track),
        _markdown(tables.track(view)),
        _markdown(tables.decided(view)),
        "## Training",
        f"{words.due(done.due)}{_trained(done)}",
        "## Alarms that changed in this round",
        "\n".join(f"- {message(change, view.subject).title}" for change in done.changes) or "None.",
        f"{words.chain(view)} {words.false_alarms()}",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _markdown(table: Mapping[str, Sequence[str]]) -> str:
    rows = list(zip(*table.values(), strict=True))
    if not rows:
        return ""
    lines = [list(table), ["---"] * len(table), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") or " " for cell in line) + " |"
        for line in lines
    )
