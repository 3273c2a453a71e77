"""The worked example of docs/method.md, recomputed by the code; its tables, compared with what they come from."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from forecast_core.backtest import selection
from forecast_core.estimators import Plan, StockFlowModel
from forecast_core.estimators.stock_flow.parameters import MIX_CENTRE, Parameters
from forecast_core.estimators.stock_flow.process import month_end_backlog, month_flow
from forecast_core.estimators.stock_flow.savings import SavingsRatio
from forecast_core.forecast import EFFECT_DOUBT
from forecast_core.money import storage_ledger
from forecast_core.months import days_in_month

TEXT = (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
ZERO = np.zeros(1)
CLOSED = np.datetime64("2026-10", "M")


def given() -> dict[str, float]:
    """Return what the example starts from: the table `what | value`."""
    return {name: float(value.replace(",", "")) for name, value in _rows("given")}


def said(per_day: int) -> list[dict[str, float]]:
    """Return the example's table of one frequency as the document prints it."""
    head, *rows = _rows(f"at {per_day} files a day", header=True)
    return [dict(zip(head[1:], (float(cell.replace(",", "")) for cell in row[1:]), strict=True)) for row in rows]


def _rows(name: str, *, header: bool = False) -> list[list[str]]:
    block = re.search(rf"<!-- {name} -->\n(.*?)\n\n", TEXT, flags=re.DOTALL)
    assert block, f"docs/method.md has no table {name!r}"
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in block[1].splitlines()]
    return lines[:1] + lines[2:] if header else lines[2:]


def mix() -> np.ndarray:
    return np.array([given()[f"share of {kind}"] for kind in ("PDF", "Word", "Excel")])


def params() -> Parameters:
    """Return parameters without seasons, mix effects or large files first, and with a corner of sharpness 1."""
    nothing = np.zeros(())
    return Parameters(
        usable=nothing,
        sharpness=nothing,
        ripening=np.log(np.array(given()["ripens a month"])),
        season=np.zeros(12),
        mix=np.zeros(3),
        lift=np.array(-np.inf),
        level=ZERO,
        own_ripening=ZERO,
        first_eligible=ZERO,
    )


def savings() -> SavingsRatio:
    return SavingsRatio(np.array([given()[f"freed per GB of {kind}"] for kind in TYPES]), ZERO)


TYPES = ("PDF", "Word", "Excel", "other")


def worked(per_day: int, months: int = 3) -> list[dict[str, float]]:
    """Return the example month by month through the functions of the product."""
    start = given()
    backlog, hot = np.array([start["eligible files"]]), np.array([start["files on primary"] - start["eligible files"]])
    ratio = float(savings().parts(mix()[None]).sum())
    rows: list[dict[str, float]] = []
    for days in days_in_month(CLOSED + 1 + np.arange(months)):
        taken = month_flow(params(), np.array([per_day * days]), backlog, True)
        archived = float(taken[0]) * start["average size MB"] / 1024
        rows.append(
            {"B": float(backlog[0]), "c": per_day * days, "φ": float((taken / backlog)[0]), "F": float(taken[0])}
        )
        rows[-1] |= {"archived GB": archived, "freed GB": archived * ratio}
        ripe = start["ripens a month"]
        backlog = month_end_backlog(backlog, hot, taken, np.array(ripe))
        hot = hot * (1 - ripe) + start["arrives a month"]
    freed, added = (np.array([row[name] for row in rows]) for name in ("freed GB", "archived GB"))
    prices = (np.array(start[name]) for name in ("recalled a month", "price of primary", "price of the archive"))
    bill = storage_ledger(freed, added, *prices)
    for index, row in enumerate(rows):
        row |= {"S": bill.freed_stock_gb[index], "A": bill.archive_stock_gb[index]}
        row |= {"saved USD": bill.net_saved_cost[index], "so far USD": bill.cumulative_saved_cost[index]}
    return rows


@pytest.mark.parametrize("per_day", [300, 600])
def test_the_worked_example_is_what_the_code_computes(per_day: int) -> None:
    for printed, computed in zip(said(per_day), worked(per_day), strict=True):
        assert set(printed) == set(computed)
        for name, value in computed.items():
            digits = {"φ": 4, "B": 0, "c": 0, "F": 0}.get(name, 2)
            assert printed[name] == pytest.approx(value, abs=0.5000001 * 10**-digits), name


@pytest.mark.parametrize("per_day", [300, 600])
def test_the_whole_model_says_the_same(per_day: int) -> None:
    start = given()
    eligible = start["eligible files"] / start["files on primary"]
    model = StockFlowModel(
        scopes=("Example",),
        params=params(),
        savings=savings(),
        bias=0.0,
        pool_growth=0.0,
        limited=True,
        files=np.array([start["files on primary"]]),
        size_gb=np.array([start["average size MB"] / 1024]),
        eligible=np.array([eligible]),
        backlog_size=np.ones(1),
        carried=ZERO,
        files_taken=np.array([start["arrives a month"] / start["files on primary"] - 0.005 * eligible]),
        growth=ZERO,
    )
    shape = (1, 1, 3)
    plan = Plan(
        last_month=CLOSED,
        frequency_per_day=np.full(shape, float(per_day)),
        files_ratio=np.ones(shape),
        growth_added=np.zeros(shape),
        size_ratio=np.ones(shape),
        mix=np.broadcast_to(mix(), (*shape, 3)),
    )
    flows = model.predict(plan)
    rows = worked(per_day)
    assert np.allclose(flows.archived_gb[0, 0], [row["archived GB"] for row in rows], rtol=1e-9)
    assert np.allclose(flows.savings_gb[0, 0], [row["freed GB"] for row in rows], rtol=1e-9)
    assert np.allclose(flows.backlog_files[0, 0], [row["B"] for row in rows], rtol=1e-9)


def test_the_effect_fades_as_the_document_says() -> None:
    gains = [fast["F"] / slow["F"] - 1 for slow, fast in zip(worked(300), worked(600), strict=True)]
    printed = re.search(r"\+(\d+) % in November, \+(\d+) % in December and \+(\d+) % in January", TEXT)
    assert printed
    assert [round(100 * gain) for gain in gains] == [int(group) for group in printed.groups()]


def test_the_figures_of_the_rules_are_those_of_the_code() -> None:
    assert f"{round(100 * (selection.TOLERATED - 1))} % of the best" in TEXT
    doubts = "{green} inside, {amber} at the edge, {red} outside".format(**EFFECT_DOUBT)
    assert doubts in TEXT
    assert "({:.2f}, {:.2f}, {:.2f})".format(*MIX_CENTRE) in TEXT
