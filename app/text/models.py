"""Sentences of the Models page: who answers, how good, against whom, and what that rests on."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.text.numbers import count, money, month, out_of, percent, significant, volume

if TYPE_CHECKING:
    from forecast_core import ModelLine, ModelsView
    from forecast_core.backtest import Behaviour

NAIVE = ("last_month", "same_month_last_year", "mean_of_year")
LEVERS = {"frequency_per_day": "Archived per day", "files_ratio": "Files", "size_ratio": "Average size"}
UNKNOWN = "unknown"
CLOSE = 1.05


def headline(view: ModelsView) -> str:
    """Return the one sentence of the page: who answers, since when, how good, against whom."""
    if view.signal_sentence:
        return view.signal_sentence
    best = view.champion
    since = f" since {day(view.trained_at)}" if view.trained_at else ""
    if best.name in NAIVE:
        return f"A simple rule answers{since}, “{best.title.lower()}”: no model did better."
    return f"{best.title} answers{since}: it misses a month by {miss(best)}{_against(view)}."


def _against(view: ModelsView) -> str:
    """Return the comparison with the published forest and the best simple rule, as far as they were judged."""
    rivals = [("the original proof of concept", view.original), ("the best simple rule", simple(view))]
    said = [f"{name} by {miss(line)}" for name, line in rivals if line is not None and line.score is not None]
    return ", " + ", ".join(said) if said else ""


def below(view: ModelsView) -> str:
    """Return the line below the headline: who answers, how sure, on how many months."""
    best = view.champion
    months = best.score.months if best.score else 0
    who = f"“{best.title}” answers. " if view.signal_sentence or best.name in NAIVE else ""
    error = f"It misses a month by {miss(best)}. " if who else ""
    levers = " What a lever changes comes from another model: low evidence." if view.is_levelled else ""
    held = f"its range held {percent(view.coverage)}" if math.isfinite(view.coverage) else "its range is not judged yet"
    judged = f"Judged on {count(months)} months that it had not seen; {held}, {out_of(view.promised)} was promised."
    return f"{who}{error}{judged}{levers}"


def notices(view: ModelsView) -> list[str]:
    """Return what somebody should know before trusting the page."""
    found = []
    better = min((line for line in view.lines if may_answer(line)), key=error, default=view.champion)
    if error(better) < error(view.champion):
        found.append(_why_not(better, view.champion))
    if view.refused:
        instead = "The last version that fits" if view.version else "A model learned from the same data just now"
        found.append(f"{view.refused} {instead} answers instead.")
    if view.untold:
        found.append(f"{view.untold} The published model is served all the same.")
    if not view.is_whole:
        found.append("Only the quick field has raced on this data. Train the whole field to see every model.")
    return found


def may_answer(line: ModelLine) -> bool:
    """Return whether a model passed every gate."""
    return line.score is not None and all(gate.passed for gate in line.gates)


def _why_not(better: ModelLine, best: ModelLine) -> str:
    """Return why the one with the smallest error does not answer."""
    less = percent(1 - error(better) / error(best))
    if best.name == "stock_flow" and error(best) <= CLOSE * error(better):
        why = "within 5 % stock and flow answers, because it keeps account of what is there"
    else:
        why = "it has not beaten the champion clearly enough to replace it, or somebody decided otherwise"
    return f"“{better.title}” has {less} less error; {why}."


def simple(view: ModelsView) -> ModelLine | None:
    """Return the best of the rules that anyone can apply by hand."""
    lines = [line for line in view.lines if line.name in NAIVE and line.score is not None]
    return min(lines, key=error, default=None)


def error(line: ModelLine) -> float:
    """Return what models are ranked by; infinite where it is not known."""
    value = line.score.combined if line.score else math.inf
    return value if math.isfinite(value) else math.inf


def miss(line: ModelLine) -> str:
    """Return by how much of its volume a month is typically missed."""
    return percent(line.score.wape_archived) if line.score else UNKNOWN


def leaderboard(view: ModelsView) -> dict[str, list[str]]:
    """Return one line per model, the best first, in words that need no statistics."""
    lines = ordered(view)
    return {
        "Model": [f"{line.title} (answers)" if line.is_champion else line.title for line in lines],
        "Misses a month by": [miss(line) if line.score else "" for line in lines],
        "That is": [volume(line.score.mae_gb) if line.score else "" for line in lines],
        "In money a month": [_money(line.mae_cost) for line in lines],
        "Leans": [_leans(line) for line in lines],
        "Wrong turns": [_share(line, "wrong_share") for line in lines],
        "Stands still": [_share(line, "dead_share") for line in lines],
        "Note": [line.fault for line in lines],
    }


def ordered(view: ModelsView) -> list[ModelLine]:
    """Return the models: who answers, then the smallest error first, those that could not run last."""
    return sorted(view.lines, key=lambda line: (not line.is_champion, error(line)))


def _money(value: float) -> str:
    return money(value) if math.isfinite(value) else ""


def _leans(line: ModelLine) -> str:
    if line.score is None or not math.isfinite(line.score.bias):
        return ""
    if abs(line.score.bias) < 0.02:
        return "neither way"
    return f"{percent(abs(line.score.bias))} too {'high' if line.score.bias > 0 else 'low'}"


def _share(line: ModelLine, name: str) -> str:
    seen = line.judged.behaviour
    return percent(getattr(seen, name)) if seen is not None else ""


def statistics(view: ModelsView) -> dict[str, list[Any]]:
    """Return everything a statistician would ask for, as numbers."""
    lines = ordered(view)

    def scores(name: str) -> list[float]:
        return [float(getattr(line.score, name)) if line.score else math.nan for line in lines]

    def judged(name: str) -> list[float]:
        return [float(getattr(line.judged, name)) for line in lines]

    columns = {name: scores(name) for name in ("wape_archived", "wape_savings", "bias", "mae_gb", "mase", "r2")}
    bands = {f"{name}_{level:.0%}": _band(lines, level, name) for level in (0.8, 0.95) for name in ("held", "width")}
    known = sorted({(span.first, span.last) for line in lines for span in line.judged.spans})
    spans = {f"wape {ahead(*span)} ahead": _span(lines, span[0]) for span in known}
    costs = ("effect_error", "effect_error_24", "fit_seconds", "answer_seconds", "size_bytes")
    gates = [", ".join(gate.name for gate in line.gates if not gate.passed) for line in lines]
    return {
        "model": [line.title for line in lines],
        "months": [line.score.months if line.score else 0 for line in lines],
        **columns,
        **bands,
        **spans,
        **{name: judged(name) for name in costs},
        "gates not passed": gates,
    }


def _band(lines: list[ModelLine], level: float, name: str) -> list[float]:
    found = []
    for line in lines:
        band = next((band for band in line.judged.bands if math.isclose(band.promised, level)), None)
        found.append(float(getattr(band, name)) if band else math.nan)
    return found


def _span(lines: list[ModelLine], first: int) -> list[float]:
    spans = [{span.first: span.wape_archived for span in line.judged.spans} for line in lines]
    return [span.get(first, math.nan) for span in spans]


def by_scope(view: ModelsView) -> dict[str, list[Any]]:
    """Return the champion's error of each scope, the worst first."""
    errors = view.champion.judged.by_scope.tolist()
    pairs = sorted(
        zip(view.scopes, errors, strict=False), key=lambda pair: -pair[1] if pair[1] == pair[1] else math.inf
    )
    return {
        "Scope": [scope for scope, _ in pairs],
        "Misses a month by": [percent(value) if math.isfinite(value) else "archived nothing" for _, value in pairs],
    }


# ── titles of pictures ─────────────────────────────────────────────────────────────────────────────────────────────
def past(view: ModelsView) -> str:
    """Return the finding of forecasts against what came."""
    if view.original is None or view.original.score is None or view.champion.name == view.original.name:
        return f"{view.champion.title} missed past months by {miss(view.champion)}"
    first, second = (percent(line.score.wape_archived) for line in (view.champion, view.original) if line.score)
    return f"{view.champion.title} missed past months by {first}, the original by {second}"


def horizon(view: ModelsView) -> str:
    """Return the finding of error by months ahead."""
    spans = view.champion.judged.spans
    if len(spans) < 2:
        return "How the error grows with the months ahead is not known yet"
    near, far = spans[0], spans[-1]
    months = ahead(far.first, far.last)
    at_once, late = percent(near.wape_archived), percent(far.wape_archived)
    return f"A month is missed by {at_once}, by {late} said {months} months ahead"


def sweep(view: ModelsView) -> str:
    """Return the finding of the levers."""
    original = view.original
    mine = view.champion.judged.behaviour
    if original is None or original.judged.behaviour is None:
        return "How a lever moves each model"
    said = f"The original {_behaves(original.judged.behaviour)}"
    if mine is None or not view.champion.answers_levers:
        return said
    never = mine.wrong_share == 0 and mine.dead_share < 0.01
    return f"{said}; {view.champion.title.lower()} {'never does' if never else _behaves(mine)}"


def _behaves(seen: Behaviour) -> str:
    return (
        f"turns the wrong way in {percent(seen.wrong_share)} of its steps, stands still in {percent(seen.dead_share)}"
    )


def ahead(first: int, last: int) -> str:
    """Return `1` or `4–6`."""
    return str(first) if first == last else f"{first}–{last}"


def residuals(view: ModelsView) -> str:
    """Return the finding of the misses."""
    score = view.champion.score
    if score is None or not math.isfinite(score.bias):
        return "What was missed, month by month"
    if abs(score.bias) < 0.05:
        return "Misses go both ways"
    return f"Forecasts lean {percent(abs(score.bias))} too {'high' if score.bias > 0 else 'low'}"


def calibration(view: ModelsView) -> str:
    """Return the finding of the bands."""
    band = next((band for band in view.champion.judged.bands if math.isclose(band.promised, view.promised)), None)
    if band is None or not math.isfinite(band.held):
        return "Whether the ranges hold is not known yet: too few months"
    return f"A range that promises {percent(band.promised)} held {percent(band.held)} of {count(band.judged)} months"


# ── the card and the record ────────────────────────────────────────────────────────────────────────────────────────
def card(shown: dict[str, Any]) -> str:
    """Return the model card as Markdown."""
    data, quality = shown["data"], shown["quality"]
    lines = [
        f"**{shown['model']['title']}** ({shown['model']['id']})"
        + (f", {shown['version']}" if "version" in shown else ""),
        "",
        f"Data: {data['name']}, {data['scopes']} scopes, {data['rows']} rows, "
        f"{data['first_month']} to {data['last_month']}.",
    ]
    if quality:
        held = f"; its range held {percent(quality['band_held'])}" if quality["band_held"] is not None else ""
        lines.append(
            f"Quality: misses a month by {_ratio(quality['wape_archived'])} on {quality['months_judged']} months{held}."
        )
    if shown["signal"]["sentence"]:
        lines.append(shown["signal"]["sentence"])
    for title, name in (("Limits", "limits"), ("Assumptions", "assumptions")):
        lines += ["", f"**{title}**", "", *(f"- {text}" for text in shown[name])]
    return "\n".join(lines)


def _ratio(value: float | None) -> str:
    return percent(value) if value is not None else UNKNOWN


def record(view: ModelsView) -> dict[str, list[str]]:
    """Return what was decided, the latest first."""
    lines = list(reversed(view.record))
    done = {"publish": "trained", "promote": "promoted", "rollback": "rolled back to"}
    return {
        "When": [day(line.at) for line in lines],
        "What": [f"{done.get(line.action, line.action)} {line.version}" for line in lines],
        "Why": [line.reason for line in lines],
    }


def versions(view: ModelsView) -> dict[str, str]:
    """Return the published versions that do not answer, by name, each with a label."""
    others = [manifest for manifest in view.versions if manifest.version != view.version]
    return {
        manifest.version: f"{manifest.version}: {manifest.about.get('title', '')}"
        + (" (waits as challenger)" if manifest.version == view.challenger else "")
        for manifest in others
    }


def progress(done: int, total: int, what: str) -> str:
    """Return how far a training is."""
    return f"{done} of {total}: {what}" if what else "Starting"


def day(at: str) -> str:
    """Return `23 Nov 2026` of an ISO time."""
    try:
        value = datetime.fromisoformat(at)
    except ValueError:
        return at
    return f"{value.day} {month(value.year * 12 + value.month - 1 - 1970 * 12)}"


def factor(value: float) -> str:
    """Return a move of a lever: `× 1.5`."""
    return f"× {significant(value, 2)}"
