"""Why the answer is what it is: contributions, prices, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.headline import main_volume
from app.text.levers import change, contribution
from app.text.numbers import money, period, price, volume

if TYPE_CHECKING:
    from forecast_core import Answer, PriceUsed, Ranges


STORED_ONLY = "Money here counts stored data only; every fee, quotas and the verdict are on the Money page."


def moved_by(answer: Answer, known: Ranges) -> dict[str, list[str]]:
    """Return a column each of lever, freed and saved, the largest first and the sum last; empty if nothing moved."""
    if not answer.contributions:
        return {}
    titles = {item.lever.name: item.lever.title for item in known.levers}
    currency = answer.money.currency if answer.money else "USD"
    largest = sorted(answer.contributions, key=lambda item: -abs(item.archived_gb))
    rows = [contribution(item, titles, currency) for item in largest]
    if len(rows) > 1:
        saved = answer.money.total.change.point if answer.money else float("nan")
        gb = main_volume(answer)[0].change.point
        rows.append(("Together", change(gb, volume), change(saved, lambda cost: money(cost, currency))))
    titles_on_top = ("Lever", f"{main_volume(answer)[1].capitalize()} {period(len(answer.months))}", "Saved")
    return {name: [row[column] for row in rows] for column, name in enumerate(titles_on_top)}


def _price(item: PriceUsed, currency: str) -> str:
    read = f", read {item.read}, confidence {item.confidence}" if item.read else ""
    return f"Price of {item.role}: {price(item.value, currency)} per GB and month: {item.title} ({item.source}{read})."


def numbers(answer: Answer) -> list[str]:
    """Return what a careful reader wants to know: prices with their source, notes, the model."""
    lines = []
    if answer.money:
        lines.append(STORED_ONLY)
        lines += [_price(item, answer.money.currency) for item in answer.money.prices]
    return [*lines, *answer.notes, f"Model: {answer.provenance.model_title} ({answer.provenance.model_id})."]
