"""What many scenarios come to, in one batch: the yardsticks of searching.

In:    a ground, scenarios of one horizon, terms and a price book.
Out:   one number per scenario.
Never: draws paths: a search compares points, and what it finds is answered in full afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError, ScenarioError
from forecast_core.estimators import Flows, Plan
from forecast_core.money import PriceBook, Terms
from forecast_core.scenario import Scenario, baseline
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.ground import Ground
from forecast_core.service.simulate import NO_SAVINGS

Array = NDArray[np.float64]
YARDSTICKS = ("net", "net_per_year", "savings_gb", "archived_gb", "primary_gb")
YEAR = 12


@dataclass(frozen=True, eq=False)
class Measuring:
    """Measures scenarios over `months`; `until` is the month (counted from 1) up to which primary is looked at."""

    ground: Ground
    terms: Terms
    book: PriceBook
    months: int
    until: int = 0

    @property
    def base(self) -> Scenario:
        """The scenario that changes nothing, over these months."""
        return baseline(self.ground.known).with_values(**{HORIZON.name: self.months})

    def of(self, scenarios: Sequence[Scenario], *yardsticks: str) -> tuple[Array, ...]:
        """Return what scenarios come to, an array (K,) per yardstick; ScenarioError where it is not known."""
        if unknown := set(yardsticks) - set(YARDSTICKS):
            raise ScenarioError(f"{unknown.pop()[:40]!r} cannot be measured.", allowed=", ".join(YARDSTICKS))
        asked = [scenario.with_values(**{HORIZON.name: self.months}) for scenario in scenarios]
        plan, flows = self.ground.flows(asked, self.base)
        return tuple(self._one(yardstick, asked, plan, flows) for yardstick in yardsticks)

    def _one(self, yardstick: str, asked: Sequence[Scenario], plan: Plan, flows: Flows) -> Array:
        if yardstick == "archived_gb":
            return flows.archived_gb.sum(axis=(1, 2))
        if yardstick == "savings_gb":
            return _known(flows.savings_gb.sum(axis=(1, 2)), NO_SAVINGS)
        if yardstick == "primary_gb":
            left = (flows.stock_gb - flows.savings_gb).sum(axis=1)[:, : self.until or self.months]
            return _known(left.max(axis=1), "This data does not say what is on primary.")
        net = self._net(asked, plan, flows)
        return net if yardstick == "net" else net * YEAR / self.months

    def _net(self, asked: Sequence[Scenario], plan: Plan, flows: Flows) -> Array:
        _known(flows.savings_gb.sum(axis=(1, 2)), NO_SAVINGS)
        try:
            found = self.ground.cases((plan, flows), asked, self.base, (self.terms, self.book))
            return np.array([float(case.ledger.net.sum()) for case in found])
        except PriceError as error:
            raise ScenarioError(error.what, allowed=error.allowed, hint=error.hint) from error


def _known(values: Array, why: str) -> Array:
    if not np.isfinite(values).all():
        raise ScenarioError(f"This cannot be looked for: {why}", hint="Look for something else.")
    return values
