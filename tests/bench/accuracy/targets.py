"""What the design asks for, row by row, and how the figures are printed.

In:    a `Tally`.
Out:   lines of text.
Never: rounds a miss into a pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.accuracy.tally import Tally
from tests.bench.accuracy.trials import ORACLE

OURS, PUBLISHED = "stock_flow", "seed_forest"


@dataclass(frozen=True)
class Target:
    """At most `absolute`, at most so many times the published forest, the best other, the oracle; None: not asked."""

    row: str
    absolute: float
    of_forest: float | None = None
    of_other: float | None = None
    of_oracle: float | None = None


TARGETS = (
    Target("one step archived", 0.20, 0.50, 0.70, 2.2),
    Target("one step savings", 0.21, 0.50, 0.70),
    Target("effect, one step", 0.30, 0.30, 0.70),
    Target("effect, 24 months: frequency", 0.45, 0.25, 0.45),
    Target("level at 1.5 × largest, panel", 0.22, 0.32, 0.60),
    Target("level at 1.5 × largest, own", 0.22),
    Target("12-month total, scope", 0.13, 0.35, 0.65),
    Target("12-month total, all", 0.08, 0.40, 1.0),
    Target("wrong-sign steps", 0.0),
    Target("dead steps", 0.01),
    Target("one scope, 24 rows: one step", 0.22),
    Target("one scope, 24 rows: effect", 0.35),
)
COVERAGE_BOUNDS = {0.8: (0.75, 0.95), 0.95: (0.88, 1.0)}


def verdict(held: bool) -> str:
    """Return pass or MISS."""
    return "pass" if held else "MISS"


def main_table(tally: Tally) -> Iterator[str]:
    """Yield a line per target: ours, what is asked, the ratios, the verdict on all of them together."""
    ratio = f"{'ratio (asked)':>15}"
    yield f"{'':32}{'ours':>7} {'asked':>6} {'forest':>7} {ratio} {'best other':>20} {ratio}  oracle"
    for target in TARGETS:
        ours, forest = tally.value(target.row, OURS), tally.value(target.row, PUBLISHED)
        other, name = best_other(tally, target.row)
        checks = [(ours, target.absolute), _ratio(ours, forest, target.of_forest), _ratio(ours, other, target.of_other)]
        oracle = _ratio(ours, tally.value(target.row, ORACLE), target.of_oracle)
        held = verdict(all(figure <= asked for figure, asked in [*checks, oracle]))
        shown = f"{ours:7.3f} ≤{target.absolute:5.2f} {forest:7.3f} {_shown(*checks[1]):>15}"
        against = f"{name[:13]:>14} {other:.3f} {_shown(*checks[2]):>15}"
        yield f"{target.row:32}{shown} {against}  {_shown(*oracle):16} {held}"


def best_other(tally: Tally, row: str) -> tuple[float, str]:
    """Return the smallest figure of all models but ours, the forest and the oracle, and whose it is."""
    rest = [model for model in tally.models() if model not in (OURS, PUBLISHED, ORACLE)]
    found = [(tally.value(row, model), model) for model in rest if np.isfinite(tally.value(row, model))]
    return min(found) if found else (float("nan"), "")


def _ratio(ours: float, theirs: float, asked: float | None) -> tuple[float, float]:
    """Return the ratio and what is asked of it; a ratio nobody asks for is 0 of infinity."""
    return (ours / theirs if theirs else 0.0, asked) if asked is not None else (0.0, float("inf"))


def _shown(ratio: float, asked: float) -> str:
    return f"{ratio:.2f} (≤{asked:.2f})" if np.isfinite(asked) else ""


def all_models(tally: Tally) -> Iterator[str]:
    """Yield every row for every model."""
    models = tally.models()
    yield f"{'':32}" + "".join(f"{model[:13]:>14}" for model in models)
    for row in tally.rows():
        yield f"{row:32}" + "".join(f"{tally.value(row, model):14.3f}" for model in models)


def coverage_table(tally: Tally, bands: Sequence[str]) -> Iterator[str]:
    """Yield a line per size and promise; the bounds asked hold for single months."""
    columns = tally.models()
    yield f"{'':28}" + "".join(f"{column:>21}" for column in columns)
    for row in tally.rows():
        lowest, highest = COVERAGE_BOUNDS[0.8 if "80%" in row else 0.95]
        values = {column: tally.value(row, column) for column in columns}
        held = all(round(lowest, 3) <= values[band] <= highest for band in bands)
        yield (
            f"{row:28}"
            + "".join(f"{value:21.2f}" for value in values.values())
            + f"  {lowest}–{highest} {verdict(held)}"
        )
