"""Models that are one line of coefficients: ridge, log-log ridge, Tweedie GLM, the ratio to the stock.

In:    the rows of a history.
Out:   `LinearModel`, a few numbers; rolled forward month by month on a stock that can run dry.
Never: archives more than is there; executes anything when it is read back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError
from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.estimators.rows import (
    MB_PER_GB,
    Lessons,
    Rows,
    grown_files,
    log_share,
    planned_frequency,
    planned_mix,
    settled,
)
from forecast_core.estimators.stock_flow.savings import SavingsRatio, fit_savings
from forecast_core.features import Today, carried_forward, pool_growth, today, trailing_mean
from forecast_core.history import History
from forecast_core.schema import shares

if TYPE_CHECKING:
    from sklearn.linear_model import RidgeCV, TweedieRegressor

Array = NDArray[np.float64]
Form = Literal["plain", "logs", "ratio"]
LEAST_GB_SHARE = 0.02
MOST_LOG = 50.0
RESIDUAL_BOUND = 1.0


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Coefficients, and where the estate stands.

    `form` "plain": GB = a + b·x in plain units; "logs": log GB = a + b·logs;
    "ratio": log (GB / stock GB) = a + b·ratios.
    `taken_share` (n,) trailing-year mean of what is archived over the stock: arrivals make up for it.
    """

    form: Form
    scopes: tuple[str, ...]
    intercept: float
    coefficients: Array
    levels: Array
    savings: SavingsRatio
    pool: float
    now: Today
    taken_share: Array

    def update(self, evidence: Evidence) -> LinearModel:
        """Return the same coefficients at the end of newer evidence of these scopes or of some of them."""
        history = evidence.need_history
        unknown = sorted(set(history.scopes) - set(self.scopes))
        if unknown:
            raise ModelError(f"The model has never seen the scope {unknown[0]!r}.", hint="Train the model again.")
        rows = np.array([self.scopes.index(scope) for scope in history.scopes])
        return replace(
            self,
            scopes=history.scopes,
            levels=self.levels[rows],
            savings=self.savings.take(rows),
            now=settled(today(history, self.pool)),
            taken_share=_taken_share(history),
        )

    def predict(self, plan: Plan) -> Flows:
        """Roll the estate forward; what is archived is gone, and arrivals do not depend on it."""
        arriving, leaving = self._arrivals(plan)
        files = np.broadcast_to(self.now.total_files, plan.shape[:2])
        plan = replace(plan, frequency_per_day=planned_frequency(self.now, plan), mix=planned_mix(self.now, plan))
        out = np.empty((3, *plan.shape))
        for month in range(plan.shape[2]):
            files = files * _jump(plan, month)
            rows = self._rows(plan, month, files)
            size_gb = rows.size_mb / MB_PER_GB
            # Never more than was there when the month began; what arrives in it is left for the next one. Taking that
            # too would empty the stock every second month, and more capacity would archive less in a year.
            archived = np.fmin(self.archived_gb(rows), rows.volume_gb)
            taken = np.divide(archived, size_gb, out=np.zeros_like(archived), where=size_gb > 0)
            out[..., month] = archived, taken, (files + arriving[..., month]) * size_gb
            files = np.maximum(files * (1 - leaving[..., month]) + arriving[..., month] - taken, 0)
        freed = out[0] * self.type_ratios(plan.mix).sum(axis=-1)
        return Flows(out[0], freed, out[1], out[2], np.full(plan.shape, np.nan))

    def type_ratios(self, mix: Array) -> Array:
        """Return what each type frees per archived GB, (K, n, H, 4): pdf, docx, xlsx, other."""
        return self.savings.parts(mix.swapaxes(1, 2)).swapaxes(1, 2)

    def archived_gb(self, rows: Rows) -> Array:
        """Return what the line says for each row, GB."""
        return _inverse(self.form, self.intercept + _design(self.form, rows) @ self.coefficients, rows)

    def _rows(self, plan: Plan, month: int, files: Array) -> Rows:
        shape = plan.shape[:2]
        return Rows(
            files=files,
            size_mb=self.now.avg_file_size_mb * plan.size_ratio[..., month],
            frequency=plan.frequency_per_day[..., month],
            mix=plan.mix[:, :, month],
            months=np.broadcast_to(plan.months[month], shape),
            level=np.broadcast_to(self.levels, shape),
        )

    def _arrivals(self, plan: Plan) -> tuple[Array, Array]:
        """Return files that arrive, and the share of the stock that leaves by itself, (K, n, H)."""
        gross = (self.now.growth_ratio + self.taken_share)[:, None] + plan.growth_added
        return grown_files(self.now, plan) * np.maximum(gross, 0), np.maximum(-gross, 0)

    def as_lists(self) -> dict[str, Any]:
        """Return what was learned as plain lists and numbers, exact to the bit in JSON."""
        return {
            "form": self.form,
            "scopes": list(self.scopes),
            "intercept": self.intercept,
            "coefficients": self.coefficients.tolist(),
            "levels": self.levels.tolist(),
            "savings": self.savings.as_lists(),
            "pool": self.pool,
        }

    @classmethod
    def from_lists(cls, lists: dict[str, Any], history: History) -> LinearModel:
        """Return the model written by `as_lists`, standing at the end of `history`."""
        read = cls(
            form=lists["form"],
            scopes=tuple(lists["scopes"]),
            intercept=float(lists["intercept"]),
            coefficients=np.asarray(lists["coefficients"], float),
            levels=np.asarray(lists["levels"], float),
            savings=SavingsRatio.from_lists(lists["savings"]),
            pool=float(lists["pool"]),
            now=today(history),
            taken_share=np.zeros(len(lists["scopes"])),
        )
        return read.update(Evidence(history))


def _jump(plan: Plan, month: int) -> Array:
    """Return what the plan makes of the stock at the start of a month, (K, n): 1 where nothing is set anew."""
    now = plan.files_ratio[..., month]
    before = plan.files_ratio[..., month - 1] if month else np.ones_like(now)
    return np.divide(now, before, out=np.ones_like(now), where=before > 0)


def _design(form: Form, rows: Rows) -> Array:
    return {"plain": lambda: rows.plain, "logs": lambda: rows.logs, "ratio": lambda: rows.ratios}[form]()


def _inverse(form: Form, line: Array, rows: Rows) -> Array:
    """From what the line says to GB; nothing comes from nothing."""
    if form == "plain":
        raw = np.maximum(line, 0)
    else:
        raw = np.exp(np.clip(line, -MOST_LOG, MOST_LOG)) * (rows.volume_gb if form == "ratio" else 1.0)
    return np.where(rows.files > 0, raw, 0.0)


def _taken_share(history: History) -> Array:
    """Return the trailing-year mean share of the stock that is archived in a month, (n,)."""
    stock = np.stack([carried_forward(history.grid(name)) for name in ("total_files", "avg_file_size_mb")]).prod(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = history.grid("archived_gb")[:, 1:] * MB_PER_GB / stock[:, :-1]
    return np.clip(np.nan_to_num(trailing_mean(np.where(np.isfinite(share), share, np.nan), 12)[:, -1]), 0, 0.5)


def savings_of(history: History) -> SavingsRatio:
    """Return how much each archived GB frees, learned from every month whose mix before it is known."""
    mix = np.stack([carried_forward(history.grid(name)) for name in shares()], axis=-1)[:, :-1]
    return fit_savings(history.grid("archived_gb")[:, 1:], history.grid("savings_gb")[:, 1:], mix)


@dataclass(frozen=True)
class Linear:
    """A line of coefficients as an estimator."""

    name: str
    title: str
    form: Form
    regressor: Callable[[], RidgeCV | TweedieRegressor]
    answers_levers: bool = True

    def fit(self, evidence: Evidence) -> LinearModel:
        """Learn from every row with known features; ModelError where too few are."""
        history = evidence.need_history
        lessons = Lessons.of(history)
        now = settled(today(history))
        design = _design(self.form, lessons.rows)
        intercept, coefficients = self._line(design, _target(self, lessons))
        if self._has_log_target:
            said = _inverse(self.form, intercept + design @ coefficients, lessons.rows)
            intercept += _smearing(lessons.archived_gb, said)
        return LinearModel(
            form=self.form,
            scopes=history.scopes,
            intercept=intercept,
            coefficients=coefficients,
            levels=lessons.levels,
            savings=savings_of(history),
            pool=pool_growth(history),
            now=now,
            taken_share=_taken_share(history),
        )

    @property
    def _has_log_target(self) -> bool:
        return self.form != "plain" and self.name != "tweedie_glm"

    def _line(self, design: Array, target: Array) -> tuple[float, Array]:
        """Return intercept and coefficients in the units of the design; none of a lever's is below 0.

        More files, larger files or more a day never mean less: a lever whose coefficient came out negative is left out.
        """
        from sklearn.pipeline import make_pipeline  # slow to import, and who answers needs none of it
        from sklearn.preprocessing import StandardScaler

        kept = np.ones(design.shape[1], bool)
        levers = 1 if self.form == "ratio" else 3
        while True:
            pipeline = make_pipeline(StandardScaler(), self.regressor()).fit(design[:, kept], target)
            scaler, line = pipeline[0], pipeline[1]
            coefficients = np.zeros(design.shape[1])
            coefficients[kept] = line.coef_ / scaler.scale_
            turned = coefficients[:levers] < 0
            if not turned.any():
                return float(line.intercept_ - scaler.mean_ @ coefficients[kept]), coefficients
            kept[:levers] &= ~turned


def _target(estimator: Linear, lessons: Lessons) -> Array:
    """What the line is fitted to; an empty month counts as 2 % of the mean month where a logarithm is taken."""
    archived = lessons.archived_gb
    floored = np.maximum(archived, LEAST_GB_SHARE * float(archived.mean()))
    if estimator.form == "ratio":
        return log_share(archived, lessons.rows.volume_gb)
    if estimator.form == "plain":
        return archived
    return floored if estimator.name == "tweedie_glm" else np.log(floored)


def _smearing(archived: Array, said: Array) -> float:
    """Return the log of what turns a typical month into a mean month; the odd month does not count in full."""
    known = (archived > 0) & (said > 0)
    error = np.log(archived[known] / said[known])
    return float(np.log(np.mean(np.exp(np.clip(error, -RESIDUAL_BOUND, RESIDUAL_BOUND))))) if known.any() else 0.0


def _ridge() -> RidgeCV:
    from sklearn.linear_model import RidgeCV

    return RidgeCV(np.logspace(-3, 2, 11))


def _tweedie() -> TweedieRegressor:
    from sklearn.linear_model import TweedieRegressor

    return TweedieRegressor(power=1.5, link="log", alpha=1e-3, max_iter=2000)


RIDGE = Linear("ridge", "Ridge", "plain", _ridge)
LOGLOG_RIDGE = Linear("loglog_ridge", "Ridge on logs", "logs", _ridge)
TWEEDIE_GLM = Linear("tweedie_glm", "GLM, Tweedie 1.5", "logs", _tweedie)
RATIO = Linear("ratio", "Ratio to the stock", "ratio", _ridge)
