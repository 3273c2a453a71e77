"""Sentences of the Forecast page: what comes if nothing changes, how sure, and how well it was said before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.data import scope
from app.text.numbers import month, out_of, percent, significant, volume, volume_range

if TYPE_CHECKING:
    from forecast_core import Ahead, BacktestPicture, Interval, ModelScore, Outlook, Past, Provenance

SPANS = {1: "Next month", 3: "Next quarter", 12: "Next year"}


def headline(result: Outlook) -> str:
    """Return what comes in the longest span, and whether history alone can say it."""
    ahead = result.ahead[-1]
    freed = f" and {volume(ahead.savings.point)} freed" if ahead.savings else ""
    archived = volume(ahead.archived.point)
    first = f"If nothing changes, we expect {archived} archived{freed} in the next {ahead.months} months."
    return first if result.predictable else f"{first} History alone predicts this badly."


def unpredictable(result: Outlook) -> str:
    """Return why the level of a what-if is not to be trusted here."""
    return f"History alone predicts this badly. {below(result)}"


def below(result: Outlook) -> str:
    """Return how large the typical error of a month is."""
    if not math.isfinite(result.error_ratio):
        return "How well this can be said is not known yet: there are too few months to judge."
    return f"Said one month ahead, past months were missed by {percent(result.error_ratio)} of their volume; " + (
        "the band shows it." if result.predictable else "take the band, not the line."
    )


def span(ahead: Ahead) -> str:
    """Return the title of a tile: `Next quarter`."""
    return SPANS.get(ahead.months, f"Next {ahead.months} months")


def amount(shown: Interval | None, word: str) -> tuple[str, str]:
    """Return the figure and its range: `46 GB archived`, `41–52 GB`."""
    if shown is None:
        return f"{word} unknown", "never measured in this data"
    return f"{volume(shown.point)} {word}", volume_range(shown.lower, shown.upper)


def tile(ahead: Ahead) -> tuple[str, tuple[str, str], tuple[str, str]]:
    """Return a tile: its title, archived and freed, each with its range."""
    return span(ahead), amount(ahead.archived, "archived"), amount(ahead.savings, "freed")


def past_word(past: Past) -> str:
    """Return what the dots of the past are."""
    return "computed from the files still there" if past.is_computed else "measured"


def flows(result: Outlook) -> str:
    """Return the title of the picture."""
    told = [value for value in result.archived.point if math.isfinite(value)]
    if not told:
        return "No single month can be told: what falls due does not exist yet"
    ahead, months = math.fsum(told) / len(told), len(told)
    recent = result.past.archived_gb[-12:]
    measured = recent[[math.isfinite(value) for value in recent]]
    now = float(measured.mean()) if len(measured) else math.nan
    over = f"{volume(ahead)} a month over the next {months} months" if months > 1 else f"{volume(ahead)} next month"
    if not math.isfinite(now) or now <= 0:
        return f"About {over}"
    if abs(ahead / now - 1) < 0.05:
        return f"About as much as in the last year: {over}"
    return f"{'More' if ahead > now else 'Less'} than in the last year: {over}"


def promised(coverage: float) -> str:
    """Return what a band promises."""
    return f"{out_of(coverage)} months"


def promise(source: Provenance) -> str:
    """Return what a band promises, and what it kept on months it had not seen."""
    kept = f", measured {percent(source.measured_coverage)}" if math.isfinite(source.measured_coverage) else ""
    return promised(source.coverage) + kept


def backtest(picture: BacktestPicture) -> str:
    """Return how many past months lay inside the band."""
    total = len(picture.months)
    return f"{picture.inside} of {total} past months lay inside the band that we would have drawn"


def no_backtest(result: Outlook) -> str:
    """Return why no past forecast is drawn."""
    if result.scores and any(line.answered_by for line in result.by_scope):
        return "Several ways answer here, scope by scope; how each did before is in the table below."
    return "There are too few months to show what would have been said before."


def by_scope(result: Outlook) -> dict[str, list[str]]:
    """Return one line per scope for the next twelve months, the largest first."""
    lines = sorted(result.by_scope, key=lambda line: -line.ahead.archived.point)
    table = {
        "Scope": [scope(line.scope) for line in lines],
        "Archived in 12 months": [_with_range(line.ahead.archived) for line in lines],
        "Freed in 12 months": [_with_range(line.ahead.savings) for line in lines],
        "Data to": [month(line.last_month) for line in lines],
    }
    if any(line.answered_by for line in lines):
        table["Answered by"] = [line.answered_by for line in lines]
    ended = ["" if line.live else "ended, not in the sum" for line in lines]
    return table | ({"": ended} if any(ended) else {})


def _with_range(shown: Interval | None) -> str:
    return f"{volume(shown.point)} ({volume_range(shown.lower, shown.upper)})" if shown else "unknown"


def scores(found: tuple[ModelScore, ...]) -> dict[str, list[str]]:
    """Return the race: one line per model, the champion marked, the best first."""
    ordered = sorted(found, key=lambda item: (not item.is_champion, _known(item.wape_archived)))
    return {
        "Model": [f"{item.title} (answers)" if item.is_champion else item.title for item in ordered],
        "Error, archived": [_error(item.wape_archived) for item in ordered],
        "Error, freed": [_error(item.wape_savings) for item in ordered],
        "Bias": [_error(item.bias) for item in ordered],
        "Typical miss": [volume(item.mae_gb) if math.isfinite(item.mae_gb) else "" for item in ordered],
        "Months judged": [significant(item.months) for item in ordered],
        "": [item.fault for item in ordered],
    }


def _known(value: float) -> float:
    return value if math.isfinite(value) else math.inf


def _error(ratio: float) -> str:
    return percent(ratio) if math.isfinite(ratio) else "not judged"
