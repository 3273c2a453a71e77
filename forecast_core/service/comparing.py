"""The race as it is shown: who answers, how good, against whom, how each behaves, and what was decided.

In:    what was learned of a data set, what is published of it.
Out:   `ModelsView`.
Never: learns for a picture what the training has already found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import FIELD, Contest, Entrant, Gate, Rolled, Score
from forecast_core.forecast import COVERAGE
from forecast_core.months import Months
from forecast_core.service.card import model_card, signal_sentence
from forecast_core.service.judging import Judged, judge
from forecast_core.service.learned import Learned
from forecast_core.service.published import Published
from forecast_core.shelf import Decision, Manifest

Array = NDArray[np.float64]
ORIGINAL = "seed_forest"
NOT_RACED = "not raced yet: train the whole field"


@dataclass(frozen=True, eq=False)
class ModelLine:
    """One model of the leaderboard; `score` is None where it could not run, and `fault` says why.

    `mae_cost` what a typical miss of a month's freed GB is worth, in primary storage a month; `said_gb` (B,) its past
    forecasts one month ahead, of all scopes together that were known then and a month later, and what came.
    """

    name: str
    title: str
    is_champion: bool
    answers_levers: bool
    score: Score | None
    mae_cost: float
    coverage: float
    fault: str
    gates: tuple[Gate, ...]
    judged: Judged
    months: Months
    said_gb: Array
    actual_gb: Array


@dataclass(frozen=True, eq=False)
class ModelsView:
    """Everything about the models of a data set; `version` is "" where nothing was published.

    `is_whole` is whether the whole field raced; `refused` why the version that should answer does not, or "";
    `untold` what MLflow could not be told, or ""; `signal` is the best model against guessing the mean, and
    `signal_sentence` says where it holds none.
    """

    dataset_id: str
    dataset_name: str
    version: str
    trained_at: str
    is_whole: bool
    is_levelled: bool
    refused: str
    champion: ModelLine
    lines: tuple[ModelLine, ...]
    signal: Contest | None
    signal_sentence: str
    promised: float
    coverage: float
    challenger: str
    untold: str
    versions: tuple[Manifest, ...]
    record: tuple[Decision, ...]
    card: dict[str, Any]
    scopes: tuple[str, ...]

    def line(self, name: str) -> ModelLine | None:
        """Return the line of a model by name."""
        return next((line for line in self.lines if line.name == name), None)

    @property
    def original(self) -> ModelLine | None:
        """The published proof of concept."""
        return self.line(ORIGINAL)


def models_view(learned: Learned, dataset: tuple[str, str], published: Published, cost_per_gb: float) -> ModelsView:
    """Return the view of a data set, `dataset` its id and name; `cost_per_gb` is a month of primary storage."""
    dataset_id, name = dataset
    whole = bool(learned.judged)
    if not whole:
        learned = replace(learned, judged=_judged_now(learned))
    lines = tuple(_line(learned, entrant, cost_per_gb) for entrant in learned.race.entrants)
    standing = published.standing(dataset_id)
    manifest = learned.published
    return ModelsView(
        dataset_id=dataset_id,
        dataset_name=name,
        version=manifest.version if manifest else "",
        trained_at=manifest.created_at if manifest else "",
        is_whole=whole,
        is_levelled=learned.is_levelled,
        refused=published.note(dataset_id),
        champion=next(line for line in lines if line.is_champion),
        lines=lines + tuple(_not_raced(learned)),
        signal=learned.race.signal,
        signal_sentence=signal_sentence(learned),
        promised=COVERAGE,
        coverage=learned.coverage,
        challenger=standing.challenger,
        untold=standing.untold,
        versions=published.manifests(dataset_id),
        record=standing.record,
        card=model_card(learned, name),
        scopes=learned.history.scopes,
    )


def _judged_now(learned: Learned) -> dict[str, Judged]:
    """Judge the quick field; nobody's seconds are counted while users wait."""
    return {
        entrant.estimator.name: judge(learned.history, entrant, clock=lambda: float("nan"))[0]
        for entrant in learned.race.entrants
    }


def _line(learned: Learned, entrant: Entrant, cost_per_gb: float) -> ModelLine:
    estimator, score = entrant.estimator, entrant.score
    return ModelLine(
        name=estimator.name,
        title=estimator.title,
        is_champion=entrant is learned.race.champion,
        answers_levers=estimator.answers_levers,
        score=score,
        mae_cost=score.mae_savings_gb * cost_per_gb if score else float("nan"),
        coverage=entrant.coverage,
        fault=entrant.fault,
        gates=entrant.gates,
        judged=learned.judged.get(estimator.name, Judged()),
        **_said(entrant.rolled),
    )


def _said(rolled: Rolled | None) -> dict[str, Any]:
    """Return the forecasts one month ahead and what came, summed over the scopes that both know."""
    if rolled is None:
        return {"months": np.empty(0, "datetime64[M]"), "said_gb": np.empty(0), "actual_gb": np.empty(0)}
    said, came = rolled.predicted_archived[:, :, 0], rolled.actual_archived[:, :, 0]
    both = np.isfinite(said) & np.isfinite(came)
    some = both.any(axis=1)
    sums = (np.where(both, grid, 0).sum(axis=1)[some] for grid in (said, came))
    return dict(zip(("months", "said_gb", "actual_gb"), (rolled.months_ahead(0)[some], *sums), strict=True))


def _not_raced(learned: Learned) -> list[ModelLine]:
    """Everyone of the field who was not in this race: shown, so that nobody looks forgotten."""
    raced = {entrant.estimator.name for entrant in learned.race.entrants}
    absent = [Entrant(estimator, fault=NOT_RACED) for estimator in FIELD if estimator.name not in raced]
    return [_line(learned, entrant, float("nan")) for entrant in absent]
