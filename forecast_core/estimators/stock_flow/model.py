"""The stock-and-flow model as an estimator: fit on a panel, stand at its end, roll forward under a plan.

In:    a monthly history; a `Plan`.
Out:   `Flows`; the model as 2 kB of JSON.
Never: moves against a lever; executes anything when it is read back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError, TooShortError
from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.estimators.stock_flow.fit import fit_parameters
from forecast_core.estimators.stock_flow.observe import panel_of, size_gb
from forecast_core.estimators.stock_flow.parameters import MIX_CENTRE, Parameters
from forecast_core.estimators.stock_flow.process import (
    DELETED_RATIO,
    MOST_RIPENING,
    TINY,
    Panel,
    follow,
    mix_factor,
    month_end_backlog,
    month_end_size,
    month_flow,
    taken_size,
)
from forecast_core.estimators.stock_flow.savings import SavingsRatio, fit_savings
from forecast_core.features import net_growth, pool_growth, trailing_mean
from forecast_core.history import History
from forecast_core.months import days_in_month, month_of_year

Array = NDArray[np.float64]
RESIDUAL_MEMORY = 0.75
RESIDUAL_BOUND = 0.5
GROWTH_FADE = 0.97
GROWTH_BOUND = 0.5
LEAST_MONTHS = 3
STANDING = ("files", "size_gb", "eligible", "backlog_size", "carried", "files_taken", "growth")


@dataclass(frozen=True, eq=False)
class StockFlowModel:
    """Learned parameters and where the estate stands; arrays (n,).

    `files` and `size_gb` of today; `eligible` share of the stock that the policy could take, `backlog_size` their
    mean size relative to a newly eligible file; `carried` recent log residual; `files_taken` trailing-year mean of
    files archived over stock; `growth` net growth a month and `pool_growth` what it fades to.
    `limited` is whether the stock is known; without it only the capacity limits the archiver.
    """

    scopes: tuple[str, ...]
    params: Parameters
    savings: SavingsRatio
    bias: float
    pool_growth: float
    limited: bool
    files: Array
    size_gb: Array
    eligible: Array
    backlog_size: Array
    carried: Array
    files_taken: Array
    growth: Array

    def update(self, evidence: Evidence) -> StockFlowModel:
        """Return the same parameters standing at the end of newer evidence of these scopes or of some of them."""
        history = evidence.need_history
        unknown = sorted(set(history.scopes) - set(self.scopes))
        if unknown:
            raise ModelError(f"The model has never seen the scope {unknown[0]!r}.", hint="Train the model again.")
        rows = np.array([self.scopes.index(scope) for scope in history.scopes])
        learned = replace(self, scopes=history.scopes, params=self.params.take(rows), savings=self.savings.take(rows))
        return replace(learned, **_standing(learned.params, self.pool_growth, history))

    def predict(self, plan: Plan) -> Flows:
        """Roll the estate forward; nothing is archived that is not there; an unknown mix is an average one."""
        plan = replace(plan, mix=np.where(np.isfinite(plan.mix), plan.mix, MIX_CENTRE))
        factor = self._gb_per_file(plan)
        busy = np.exp(self.params.season[month_of_year(plan.months) - 1])
        capacity = plan.frequency_per_day * days_in_month(plan.months) * busy
        ripening = self.params.ripening_ratio()
        arrivals, leaving = self._arrivals(plan)
        ripe = np.minimum(np.multiply.outer(busy, ripening), MOST_RIPENING)
        staying, arriving = 1 - ripe[:, None] - _by_month(leaving), _by_month(arrivals)
        ratio = _by_month(plan.files_ratio)
        jump = ratio / np.concatenate([np.ones_like(ratio[:1]), ratio[:-1]])
        jumps = (jump != 1).any(axis=(1, 2))
        one = np.ones(plan.shape[:2])
        backlog = self.files * self.eligible * one
        hot, size = self.files * one - backlog, self.backlog_size * one
        hots, backlogs, files, means = rolled = np.empty((4, *arriving.shape))
        for month, able in enumerate(_by_month(capacity)):
            if jumps[month]:
                hot, backlog = hot * jump[month], backlog * jump[month]
            taken = month_flow(self.params, able, backlog, self.limited)
            taken_mean = taken_size(self.params, taken, backlog, size, self.limited)
            hots[month], backlogs[month], files[month], means[month] = hot, backlog, taken, taken_mean
            left = month_end_backlog(backlog, hot, taken, ripe[month])
            size = month_end_size(backlog, size, left, taken, taken_mean)
            hot, backlog = np.maximum(hot * staying[month], 0) + arriving[month], left
        hots, backlogs, files, means = np.moveaxis(rolled, 1, -1)
        stock = (hots + backlogs + arrivals) * self.size_gb[:, None] * plan.size_ratio
        archived = np.fmin(files * means * factor, stock)
        freed = archived * self.type_ratios(plan.mix).sum(axis=-1)
        return Flows(archived, freed, files, stock, backlogs)

    def type_ratios(self, mix: Array) -> Array:
        """Return what each type frees per archived GB, (K, n, H, 4): pdf, docx, xlsx, other."""
        return self.savings.parts(mix.swapaxes(1, 2)).swapaxes(1, 2)

    def _gb_per_file(self, plan: Plan) -> Array:
        """Everything between a file taken and its GB, (K, n, H): size, mix, scope, recent residuals.

        Nothing in it depends on the month, so that files taken earlier never weigh less than taken later, and today's
        backlog never weighs more than the whole stock, whatever a contradictory history says.
        """
        params = self.params
        weight = np.exp(self.bias + params.level + self.carried)
        bounded = np.minimum(weight, 1 / np.maximum(self.eligible, TINY)) if self.limited else weight
        return bounded[:, None] * mix_factor(params.mix, plan.mix) * self.size_gb[:, None] * plan.size_ratio

    def _arrivals(self, plan: Plan) -> tuple[Array, Array]:
        """Return files that arrive, and the share of the files not yet eligible that leaves, (K, n, H) each.

        The stock grows as history shows at today's archiving: its own growth, fading to the pool's. What arrives
        is that growth plus what archiving and deletion take out today; it does not depend on how much will be archived.
        """
        fade = GROWTH_FADE ** np.arange(plan.shape[2])
        net = self.pool_growth + (self.growth - self.pool_growth)[:, None] * fade
        net = np.clip(net + plan.growth_added, -GROWTH_BOUND, GROWTH_BOUND)
        stock = self.files[:, None] * np.cumprod(1 + net, axis=-1) / (1 + net) * plan.files_ratio
        gross = net + (self.files_taken + DELETED_RATIO * self.eligible)[:, None]
        return stock * np.maximum(gross, 0), np.maximum(-gross, 0)

    def as_lists(self) -> dict[str, Any]:
        """Return the model as plain lists and numbers, exact to the bit in JSON."""
        learned = {"params": self.params.as_lists(), "savings": self.savings.as_lists()}
        standing = {name: getattr(self, name).tolist() for name in STANDING}
        numbers = {"bias": self.bias, "pool_growth": self.pool_growth, "limited": self.limited}
        return {"scopes": list(self.scopes), **learned, **numbers, **standing}

    @classmethod
    def from_lists(cls, lists: dict[str, Any]) -> StockFlowModel:
        """Return the model written by `as_lists`."""
        return cls(
            scopes=tuple(lists["scopes"]),
            params=Parameters.from_lists(lists["params"]),
            savings=SavingsRatio.from_lists(lists["savings"]),
            bias=float(lists["bias"]),
            pool_growth=float(lists["pool_growth"]),
            limited=bool(lists["limited"]),
            **{name: np.asarray(lists[name], float) for name in STANDING},
        )


@dataclass(frozen=True)
class StockFlow:
    """The default estimator for a monthly history."""

    name: str = "stock_flow"
    title: str = "Stock and flow"
    answers_levers: bool = True

    def fit(self, evidence: Evidence) -> StockFlowModel:
        """Learn from the whole panel; ModelError where too little is known for it."""
        history = evidence.need_history
        panel = panel_of(history)
        if int(np.isfinite(panel.archived_gb).sum()) < LEAST_MONTHS:
            raise TooShortError(
                f"The history has fewer than {LEAST_MONTHS} months with an archived volume and the month before.",
                hint="Add more months.",
            )
        params = fit_parameters(panel)
        savings = fit_savings(panel.archived_gb, history.grid("savings_gb")[:, 1:], panel.mix)
        error = panel.log_ratio(follow(params, panel)[0], slice(None))
        pool = pool_growth(history)
        standing = _standing(params, pool, history)
        return StockFlowModel(history.scopes, params, savings, _smearing(error), pool, panel.limited, **standing)


def _by_month(paths: Array) -> Array:
    """Return (K, n, H) as (H, K, n), each month in one piece: a lever that moves asks for this many times a second."""
    return np.ascontiguousarray(np.moveaxis(paths, -1, 0))


def _smearing(error: Array) -> float:
    """Return the log of what turns a typical month into a mean month (Duan's smearing on bounded residuals)."""
    known = error[np.isfinite(error)]
    return float(np.log(np.mean(np.exp(np.clip(known - np.median(known), -RESIDUAL_BOUND, RESIDUAL_BOUND)))))


def _standing(params: Parameters, pool: float, history: History) -> dict[str, Any]:
    """Return where the end of a history leaves each scope."""
    panel = panel_of(history)
    predicted, eligible, size = follow(params, panel)
    busy = np.exp(params.season[panel.calendar])
    taken = month_flow(params, panel.capacity * busy, eligible[:, :-1] * panel.files[:, :-1], panel.limited)
    with np.errstate(invalid="ignore", divide="ignore"):
        taken_ratio = np.where(panel.started & (panel.files[:, :-1] > 0), taken / panel.files[:, :-1], np.nan)
    return {
        "files": panel.files[:, -1],
        "size_gb": size_gb(history)[:, -1],
        "eligible": eligible[:, -1],
        "backlog_size": size,
        "carried": _carried(panel, predicted),
        "files_taken": np.nan_to_num(trailing_mean(taken_ratio, 12)[:, -1]),
        "growth": net_growth(history, pool),
    }


def _carried(panel: Panel, predicted: Array) -> Array:
    """Return the recent log residual of each scope, exponentially weighted; unknown months leave it as it is."""
    error = np.nan_to_num(np.clip(panel.log_ratio(predicted, slice(None)), -RESIDUAL_BOUND, RESIDUAL_BOUND))
    carried = np.zeros(len(error))
    for month in range(error.shape[1]):
        carried = RESIDUAL_MEMORY * carried + (1 - RESIDUAL_MEMORY) * error[:, month]
    return carried
