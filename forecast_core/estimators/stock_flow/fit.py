"""Learning the stock-and-flow model: maximum a posteriori over the whole panel.

In:    a `Panel`.
Out:   `Parameters`.
Never: depends on the order of scopes; costs more than linear in their number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.stock_flow.parameters import OWN, SHARED, Parameters, prior
from forecast_core.estimators.stock_flow.process import Panel, follow

Array = NDArray[np.float64]
NOISE = 0.15
HALF_LIFE_MONTHS = 48.0
STEP = 1e-4
ITERATIONS = 25
TOLERANCE = 1e-4


class _Problem:
    """Residuals and their Jacobian; a scope's own parameters move only its own rows: three columns serve all."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.mean, self.spread, self.own_mean, self.own_spread = prior()
        scopes, months = panel.archived_gb.shape
        age = np.arange(months)[::-1]
        self.weight = np.where(np.isfinite(panel.archived_gb), 0.5 ** (age / HALF_LIFE_MONTHS) / NOISE, 0.0)
        self.scopes = scopes

    def residuals(self, shared: Array, own: Array) -> Array:
        """Return (…, n, T): log errors over the noise, softened so that one odd month does not bend the rest."""
        predicted = follow(Parameters.unpack(shared, own), self.panel)[0]
        error = np.nan_to_num(self.panel.log_ratio(predicted, slice(None))) * self.weight
        return np.sign(error) * np.sqrt(2 * (np.sqrt(1 + error * error) - 1))

    def cost(self, residuals: Array, shared: Array, own: Array) -> float:
        """Return half the negative log posterior."""
        beliefs = np.sum(((shared - self.mean) / self.spread) ** 2) + np.sum(
            ((own - self.own_mean) / self.own_spread) ** 2
        )
        return float(np.sum(residuals**2) + beliefs)

    def linearised(self, shared: Array, own: Array) -> tuple[Array, Array, Array]:
        """Return residuals (n, T), their change by shared (19, n, T) and by own parameters (3, n, T)."""
        trials = 1 + SHARED + OWN
        many_shared = np.broadcast_to(shared, (trials, SHARED)).copy()
        many_own = np.broadcast_to(own, (trials, self.scopes, OWN)).copy()
        many_shared[1 + np.arange(SHARED), np.arange(SHARED)] += STEP
        for column in range(OWN):
            many_own[1 + SHARED + column, :, column] += STEP
        found = self.residuals(many_shared, many_own)
        slope = (found[1:] - found[0]) / STEP
        return found[0], slope[:SHARED], slope[SHARED:]

    def step(
        self, slopes: tuple[Array, Array, Array], shared: Array, own: Array, damping: float
    ) -> tuple[Array, Array]:
        """Solve the damped normal equations; the scopes are eliminated first, each by its own 3 × 3 block."""
        residuals, by_shared, by_own = slopes
        local = np.einsum("ant,bnt->nab", by_own, by_own) + np.diag(self.own_spread**-2)
        cross = np.einsum("ant,bnt->nab", by_own, by_shared)
        whole = np.einsum("ant,bnt->ab", by_shared, by_shared) + np.diag(self.spread**-2)
        local_pull = np.einsum("ant,nt->na", by_own, residuals) + (own - self.own_mean) * self.own_spread**-2
        whole_pull = np.einsum("ant,nt->a", by_shared, residuals) + (shared - self.mean) * self.spread**-2
        local = local * (1 + damping * np.eye(OWN))
        whole = whole * (1 + damping * np.eye(SHARED))
        solved_cross = np.linalg.solve(local, cross)
        solved_pull = np.linalg.solve(local, local_pull[..., None])[..., 0]
        schur = whole - np.einsum("nas,nat->st", cross, solved_cross)
        move_shared = -np.linalg.solve(schur, whole_pull - np.einsum("nas,na->s", cross, solved_pull))
        return move_shared, -solved_pull - np.einsum("nas,s->na", solved_cross, move_shared)


def fit_parameters(panel: Panel) -> Parameters:
    """Return the parameters at the posterior maximum (damped Gauss-Newton from the prior mean)."""
    problem = _Problem(panel)
    shared = problem.mean.copy()
    own = np.broadcast_to(problem.own_mean, (problem.scopes, OWN)).copy()
    damping = 1e-2
    slopes = problem.linearised(shared, own)
    cost = problem.cost(slopes[0], shared, own)
    for _ in range(ITERATIONS):
        move_shared, move_own = problem.step(slopes, shared, own, damping)
        trial_shared, trial_own = shared + move_shared, own + move_own
        trial_cost = problem.cost(problem.residuals(trial_shared, trial_own), trial_shared, trial_own)
        if trial_cost < cost:
            gain = (cost - trial_cost) / cost
            shared, own, cost, damping = trial_shared, trial_own, trial_cost, damping / 5
            if gain < TOLERANCE:
                break
            slopes = problem.linearised(shared, own)
        else:
            damping *= 6
            if damping > 1e6:
                break
    return Parameters.unpack(shared, own)
