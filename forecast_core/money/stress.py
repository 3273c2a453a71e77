"""What if it goes wrong: everything restored, an eDiscovery burst, dearer prices.

In:    a case.
Out:   `Stress`: what it costs in its month, what is left of the saving, how long the data takes to come back.
Never: hides the wait behind the money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from forecast_core.errors import PriceError
from forecast_core.money.case import Case
from forecast_core.money.knobs import archive_prices
from forecast_core.money.ledger import Ledger

BURST_RATIO, DEARER = 0.15, 1.2
OUT_LINES = ("reads", "retrieval", "requests", "early", "egress", "endpoint_data")


@dataclass(frozen=True)
class Stress:
    """`cost` is what the event itself adds (all lines of the archive), `net` the saving left over the horizon.

    `before` and `after` are the bills without and with the event; `problem` says which price the event needs and the
    book lacks, "" if none.
    """

    name: str
    title: str
    month: np.datetime64 | None
    cost: float
    net: float
    net_before: float
    wait_hours: float
    gb: float
    before: Ledger
    after: Ledger
    problem: str = ""


def restore_all(case: Case, month: int) -> Case:
    """Return the case in which everything held is recalled in a month."""
    recall = case.recall_ratio.copy()
    recall[month] = 1.0
    return case.varied(recall_ratio=recall)


def burst(case: Case, month: int) -> Case:
    """Return the case in which 15 % of what is held is read in a month, on top of what is read anyway."""
    ratio = np.zeros(len(case.months))
    ratio[month] = BURST_RATIO
    return case.varied(burst_ratio=ratio)


STRESSES: Mapping[str, tuple[str, Callable[[Case, int], Case]]] = {
    "restore": ("Restore everything", restore_all),
    "burst": ("eDiscovery reads 15 %", burst),
    "prices": ("Archive prices + 20 %", lambda case, _: archive_prices(case, DEARER)),
}


def stress(case: Case, name: str, month: int | None = None) -> Stress:
    """Return what one event does, in the last month of the first year if none is given."""
    at = min(11, len(case.months) - 1) if month is None else month
    try:
        return _stress(case, name, at)
    except PriceError as error:
        net, bill = float(case.ledger.net.sum()), case.ledger
        return Stress(name, STRESSES[name][0], case.months[at], 0.0, net, net, 0.0, 0.0, bill, bill, error.what)


def _stress(case: Case, name: str, at: int) -> Stress:
    title, turn = STRESSES[name]
    after = turn(case, at)
    before_out, after_out = (_out(each) for each in (case, after))
    cost = (
        after_out[at] - before_out[at] if name != "prices" else float(after.ledger.paid.sum() - case.ledger.paid.sum())
    )
    held = float((case.by_scope.total().added_gb @ case.setting.movement.stock)[0, max(at - 1, 0)])
    return Stress(
        name=name,
        title=title,
        month=None if name == "prices" else case.months[at],
        cost=float(cost),
        net=float(after.ledger.net.sum()),
        net_before=float(case.ledger.net.sum()),
        wait_hours=0.0 if name == "prices" else case.setting.archive.rules.wait_hours,
        gb={"restore": held, "burst": BURST_RATIO * held, "prices": 0.0}[name],
        before=case.ledger,
        after=after.ledger,
    )


def _out(case: Case) -> np.ndarray:
    """Return what getting data out costs, (H,)."""
    return -np.asarray(sum(case.ledger.amount(name) for name in OUT_LINES))
