"""The service, with a line and a time for every use case.

In:    questions.
Out:   the service's answers, unchanged.
Never: counts what one use case asks of another.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Any

from app.observing import meters
from app.observing.logs import say
from app.observing.telemetry import span
from forecast_core import (
    Answer,
    DatasetInfo,
    ForecastError,
    InventoryReading,
    MoneyReport,
    Outlook,
    PolicyAnswer,
    Predicting,
    Predictions,
    Reading,
    Row,
    Scenario,
    Service,
    Terms,
)

log = logging.getLogger(__name__)
_INSIDE: ContextVar[bool] = ContextVar("inside_a_use_case", default=False)


@contextmanager
def use_case(name: str, **facts: Any) -> Iterator[dict[str, Any]]:
    """Time a use case and say what it came to; facts found on the way are put into what is given."""
    if _INSIDE.get():
        yield {}
        return
    mark, started, outcome = _INSIDE.set(True), perf_counter(), "failed"
    with span(name) as told:
        try:
            yield facts
            outcome = "done"
        except ForecastError as error:
            outcome = "refused"
            facts["why"] = type(error).__name__
            raise
        finally:
            _INSIDE.reset(mark)
            seconds = perf_counter() - started
            meters.use_cases.labels(name, outcome).inc()
            meters.use_case_seconds.labels(name).observe(seconds)
            told.update(facts, use_case=name, outcome=outcome)
            say(log, "use case", {**told, "ms": round(1000 * seconds, 1)})


def _of(scenario: Scenario) -> dict[str, str]:
    return {"dataset": scenario.dataset_id, "scope": scenario.scope, "scenario": scenario.id}


class Rows(Predicting):
    """Rows of the published contract, observed."""

    def predict(self, dataset_id: str, rows: Sequence[Row]) -> Predictions:
        """Return the next month of every row."""
        with use_case("predict", dataset=dataset_id, rows=len(rows)) as facts:
            found = super().predict(dataset_id, rows)
            facts["model"] = found.provenance.model_id
            return found


class Observed(Service):
    """A service whose use cases are logged and timed."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.rows = Rows(self._asked, self.scopes, self._stamp)

    def simulate(self, scenario: Scenario) -> Answer:
        """Answer a what-if."""
        with use_case("simulate", **_of(scenario)) as facts:
            found = super().simulate(scenario)
            facts.update(model=found.provenance.model_id, rows=len(found.months))
            return found

    def policy(self, scenario: Scenario) -> PolicyAnswer:
        """Answer what a rule takes."""
        with use_case("policy", **_of(scenario)):
            return super().policy(scenario)

    def money(self, scenario: Scenario, terms: Terms) -> MoneyReport:
        """Return the whole bill."""
        with use_case("money", **_of(scenario)):
            return super().money(scenario, terms)

    def forecast(self, dataset_id: str, scope: str, horizon_months: int) -> Outlook:
        """Return what comes if nothing changes."""
        with use_case("forecast", dataset=dataset_id, scope=scope) as facts:
            found = super().forecast(dataset_id, scope, horizon_months)
            facts.update(model=found.provenance.model_id, rows=len(found.months))
            return found

    def accept(self, reading: Reading | InventoryReading, saved_at: str) -> DatasetInfo:
        """Store what was read."""
        with use_case("accept") as facts:
            found = super().accept(reading, saved_at)
            facts.update(dataset=found.id, rows=found.rows)
            return found
