"""Who is chosen where the stock-and-flow picture is wrong, and what the choice costs.

In:    foreign histories.
Out:   `Choice`: the champion of a race at month 48 and everybody's error in the twelve months after.
Never: lets the race see those twelve months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forecast_core.backtest import race, recorded_plan
from forecast_core.backtest.scores import ARCHIVED_WEIGHT
from forecast_core.backtest.selection import champion
from forecast_core.estimators import Estimator, Evidence
from forecast_core.history import History
from tests.bench.accuracy.tally import Tally

RACED_MONTHS = 48
JUDGED_MONTHS = 12


@dataclass(frozen=True)
class Choice:
    """`chosen` and its error against `best` and its error, .7 archived + .3 savings; `errors` of every candidate.

    `faults` says who was not allowed to run and why.
    """

    chosen: str
    best: str
    errors: dict[str, float]
    faults: dict[str, str]

    @property
    def ratio(self) -> float:
        """The champion's error over the best candidate's."""
        return self.errors[self.chosen] / self.errors[self.best]


def choose(history: History, fields: Mapping[str, Sequence[Estimator]]) -> dict[str, Choice]:
    """Race each field at month 48 (the last one holds everybody), judge on the next twelve: one month ahead each."""
    known = history.until(history.months[RACED_MONTHS - 1])
    everybody = list(fields.values())[-1]
    entrants = race(known, 1, everybody).entrants
    errors = {candidate.name: _error(history.only(known.scopes), candidate) for candidate in everybody}
    made = {}
    for field, candidates in fields.items():
        names = {candidate.name for candidate in candidates}
        own = [entrant for entrant in entrants if entrant.estimator.name in names]
        chosen = champion([entrant for entrant in own if entrant.score is not None]).estimator.name
        faults = {entrant.estimator.name: entrant.fault for entrant in own if entrant.fault}
        theirs = {name: errors[name] for name in names}
        made[field] = Choice(chosen, min(theirs, key=lambda name: theirs[name]), theirs, faults)
    return made


def _error(history: History, estimator: Estimator) -> float:
    tally = Tally()
    model = estimator.fit(Evidence(history.until(history.months[RACED_MONTHS - 1])))
    for month in range(RACED_MONTHS, RACED_MONTHS + JUDGED_MONTHS):
        known = history.until(history.months[month - 1])
        flows = model.update(Evidence(known)).predict(recorded_plan(history, known.last_month, 1))
        for name, said in (("archived", flows.archived_gb), ("savings", flows.savings_gb)):
            tally.errors(name, "", "", said[0, :, 0], history.grid(f"{name}_gb")[:, month])
    return ARCHIVED_WEIGHT * tally.value("archived", "") + (1 - ARCHIVED_WEIGHT) * tally.value("savings", "")
