"""Everything an export shows, asked once of the service.

In:    the service, the open question, its options, the stamp.
Out:   `Material`.
Never: knows a file format.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.examples import examples
from forecast_core import PriceError, Scenario, Terms, baseline
from forecast_core.scenario.levers import BY_NAME, HORIZON

if TYPE_CHECKING:
    from app.text.stamp import Stamp
    from forecast_core import Answer, Comparison, MoneyReport, Outlook, Ranges, Service
    from forecast_core.service.recipe import Recipe

TODAY, THIS = "As today", "This scenario"
FEWEST_OPTIONS, MOST_OPTIONS = 2, 3
YEAR = 12


class Option(NamedTuple):
    """One of the ways to choose from."""

    name: str
    scenario: Scenario
    terms: Terms


@dataclass(frozen=True, eq=False)
class Material:
    """The answer, what comes if nothing changes, the bill (None: no price), the options (None: fewer than two).

    `recipe` is how the bill is made, for who asks for it; PriceError where there is none.
    """

    answer: Answer
    outlook: Outlook
    known: Ranges
    report: MoneyReport | None
    unpriced: str
    options: Comparison | None
    names: tuple[str, ...]
    recipe: Callable[[], Recipe]
    stamp: Stamp

    @property
    def subject(self) -> str:
        """What the open scenario is called among the options."""
        sides = self.options.sides if self.options else ()
        mine = self.answer.scenario
        found = [name for name, side in zip(self.names, sides, strict=False) if side.scenario.id == mine.id]
        return found[0] if found else (THIS if self.answer.moved else TODAY)


def usual_options(service: Service, scenario: Scenario, terms: Terms, name: str = THIS) -> list[Option]:
    """Return today, the open scenario where it changes something, and worked questions to fill up.

    Only what can be decided is an option: that files grow faster is none.
    """
    known = service.ranges(scenario.dataset_id, scenario.scope)
    today = baseline(known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    found = [Option(TODAY, today, terms)]
    if (scenario.values, scenario.left_out) != (today.values, today.left_out):
        found.append(Option(name, scenario, terms))
    for example in examples(known, service.price_book):
        if any(BY_NAME[moved].group == "Estate" for moved in example.values):
            continue
        asked = today.with_values(**example.values)
        if all(asked.values != option.scenario.values for option in found):
            found.append(Option(example.title, asked, terms))
    return found[:MOST_OPTIONS]


def gather(service: Service, asked: tuple[Scenario, Terms], options: Sequence[Option], stamp: Stamp) -> Material:
    """Ask everything; where there is no bill, `unpriced` says why."""
    scenario, terms = asked
    report, unpriced = None, ""
    try:
        report = service.money(scenario, terms)
    except PriceError as error:
        unpriced = error.what
    return Material(
        service.simulate(scenario),
        service.forecast(scenario.dataset_id, scenario.scope, YEAR),
        service.ranges(scenario.dataset_id, scenario.scope),
        report,
        unpriced,
        service.lab.compare([option[1:] for option in options]) if len(options) >= FEWEST_OPTIONS else None,
        tuple(option.name for option in options),
        lambda: service.lab.recipe(scenario, terms),
        stamp,
    )
