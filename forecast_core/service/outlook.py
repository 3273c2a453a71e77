"""What comes if nothing changes, and how well that was said before.

In:    a `View`, a horizon.
Out:   `Outlook`.
Never: shows a band that was not measured on months the model had not seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Race, Rolled, recorded_plan
from forecast_core.forecast import COVERAGE, Band, Interval, band, interval
from forecast_core.history import ALL
from forecast_core.intervals import calibrate
from forecast_core.intervals import known_at as known_at_origin
from forecast_core.service.answers import Ahead, BacktestPicture, ModelScore, Outlook, Provenance, ScopeLine
from forecast_core.service.learned import Learned, View, view
from forecast_core.service.simulate import past_of

Array = NDArray[np.float64]
SPANS = (1, 3, 12)
YEAR = 12
FIRST_JUDGED = 6
UNPREDICTABLE = 0.5


def outlook(asked: View, months: int, seed: int, stamp: Provenance) -> Outlook:
    """Return what comes in the next `months` if nothing changes."""
    archived, savings = _paths(asked, max(months, YEAR))
    error = _error(asked)
    return Outlook(
        scope=asked.scope,
        past=past_of(asked),
        months=asked.history.last_month + 1 + np.arange(months),
        archived=_band(archived, months),
        savings=_band(savings, months) if savings else None,
        ahead=tuple(_ahead(archived, savings, span) for span in SPANS),
        by_scope=tuple(_line(asked.learned, scope, seed) for scope in _scopes(asked)),
        backtest=_picture(asked, seed),
        scores=_scores(asked.learned.race),
        predictable=bool(error < UNPREDICTABLE),
        error_ratio=error,
        notes=_notes(asked),
        provenance=stamp,
    )


Sample = tuple[Array, Array]


def _paths(asked: View, months: int) -> tuple[Sample, Sample | None]:
    """Return (point (H,), paths (paths, H)) of archived and freed GB, summed over scopes."""
    flows = asked.model.predict(recorded_plan(asked.history, asked.history.last_month, months))
    point, freed = flows.archived_gb[0], flows.savings_gb[0]
    paths = asked.luck.archived(point)
    archived = (point.sum(axis=0), paths.sum(axis=1))
    if not asked.history.knows("savings_gb") or not np.isfinite(freed).all():
        return archived, None
    ratio = np.divide(freed, point, out=np.zeros_like(freed), where=point > 0)
    return archived, (freed.sum(axis=0), asked.luck.freed(paths, ratio).sum(axis=1))


def _band(sample: Sample, months: int) -> Band:
    return band(sample[0][:months], sample[1][:, :months])


def _total(sample: Sample, months: int) -> Interval:
    return interval(float(sample[0][:months].sum()), sample[1][:, :months].sum(axis=1))


def _ahead(archived: Sample, savings: Sample | None, months: int) -> Ahead:
    return Ahead(months, _total(archived, months), _total(savings, months) if savings else None)


def _scopes(asked: View) -> tuple[str, ...]:
    return asked.learned.history.scopes if asked.scope == ALL else (asked.scope,)


def _line(learned: Learned, scope: str, seed: int) -> ScopeLine:
    one = view(learned, scope, seed)
    archived, savings = _paths(one, YEAR)
    live = scope in learned.history.live_scopes
    return ScopeLine(scope, one.history.last_month, live, _ahead(archived, savings, YEAR))


def _error(asked: View) -> float:
    """Return the champion's WAPE one month ahead on the months it was judged on."""
    score = asked.learned.race.champion.score
    return float(score.wape_archived) if score else float("nan")


def _scores(race: Race) -> tuple[ModelScore, ...]:
    unknown = float("nan")
    lines = []
    for entrant in race.entrants:
        score = entrant.score
        figures = (score.wape_archived, score.wape_savings, score.bias, score.mae_gb) if score else (unknown,) * 4
        months = score.months if score else 0
        is_champion = entrant is race.champion
        who = entrant.estimator
        lines.append(ModelScore(who.name, who.title, *figures, months, is_champion, entrant.fault))
    return tuple(lines)


def _picture(asked: View, seed: int) -> BacktestPicture | None:
    """Return one-month-ahead bands, each from the residuals known at its origin only, summed over the view's scopes."""
    rolled = asked.learned.race.champion.rolled
    if rolled is None or len(rolled.origins) <= FIRST_JUDGED:
        return None
    rows = [asked.learned.history.scopes.index(scope) for scope in asked.history.scopes]
    found = [_said(rolled, origin, rows, asked, seed) for origin in range(FIRST_JUDGED, len(rolled.origins))]
    known = [index for index, (_, _, actual) in enumerate(found) if np.isfinite(actual)]
    if not known:
        return None
    points = np.array([found[index][0] for index in known])
    paths = np.stack([found[index][1] for index in known], axis=1)
    actual = np.array([found[index][2] for index in known])
    predicted = band(points, paths, COVERAGE)
    inside = int(((actual >= predicted.lower) & (actual <= predicted.upper)).sum())
    months = rolled.months_ahead(0)[FIRST_JUDGED:][known]
    return BacktestPicture(months, predicted, actual, inside)


def _said(rolled: Rolled, origin: int, rows: list[int], asked: View, seed: int) -> tuple[float, Array, float]:
    """Return point, paths (paths,) and what came, over the scopes that were known at the origin and a month later."""
    calibration = calibrate(known_at_origin(rolled, origin), asked.learned.history)
    point, actual = rolled.predicted_archived[origin, rows, :1], rolled.actual_archived[origin, rows, 0]
    both = np.isfinite(point[:, 0]) & np.isfinite(actual)
    if not both.any():
        return float("nan"), np.zeros(0), float("nan")
    paths = calibration.take(asked.history.scopes)
    drawn = paths.apply(np.where(both[:, None], point, 0), np.exp(paths.relative_paths(1, seed)))
    return float(point[both].sum()), drawn[:, both, 0].sum(axis=1), float(actual[both].sum())


def _notes(asked: View) -> tuple[str, ...]:
    notes = []
    history = asked.learned.history
    ended = [scope for scope in history.scopes if scope not in history.live_scopes]
    if asked.scope == ALL and ended:
        names = ", ".join(ended[:8])
        notes.append(f"{len(ended)} scopes ended before {history.last_month} and are not part of ALL: {names}.")
    if history.frequency_is_observed:
        notes.append("The archive frequency here is what was archived, not what was set; its mean over a year is used.")
    return tuple(notes)
