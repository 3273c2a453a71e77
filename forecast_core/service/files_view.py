"""Who answers on an inventory, how well it did here, and how well on real libraries.

In:    an `InventoryView` of everything, how the due dates did on real libraries.
Out:   `FilesView`.
Never: mixes what was measured here with what was measured elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast_core.backtest import Answerer
from forecast_core.service.answers import BacktestPicture, ModelScore
from forecast_core.service.inventory_view import InventoryView
from forecast_core.service.judged_inventory import judged_here
from forecast_core.service.policy_answers import Judged


@dataclass(frozen=True, eq=False)
class FilesView:
    """The models of an inventory.

    `scores`, `picture` one month ahead here, empty and None where there is too little to judge; `answerers` who answers
    where a history is known too, `history_title` its model; `judged` on real libraries.
    """

    rule_months: int
    snapshots: int
    scores: tuple[ModelScore, ...]
    picture: BacktestPicture | None
    answerers: tuple[Answerer, ...]
    history_title: str
    judged: tuple[Judged, ...]


def files_view(view: InventoryView, judged: tuple[Judged, ...]) -> FilesView:
    """Return the view of everything in an inventory."""
    picture, scores = judged_here(view)
    return FilesView(
        rule_months=view.standing.rule_months,
        snapshots=len(view.model.cubes.cubes),
        scores=scores,
        picture=picture,
        answerers=view.answerers,
        history_title=view.beside.title if view.beside else "",
        judged=judged,
    )
