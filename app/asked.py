"""What a live answer stands on, and what a move makes of it: the same in the session and for a request without one.

In:    the query of a link; a move as the browser sends it.
Out:   `Asked`: scenario, terms of money, what was refused.
Never: trusts a name, a number or a bound of the browser; remembers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.state import SHARES, service
from forecast_core import (
    TERMS,
    LeverError,
    LeverFault,
    Ranges,
    Scenario,
    Terms,
    checked,
    from_query,
    read_target,
    rescaled_mix,
    terms_of,
)

TERM_NAMES = frozenset(term.name for term in TERMS)


@dataclass(frozen=True)
class Asked:
    """A checked scenario, the levers of its scope, the terms of money; `faults` is what was refused on the way here."""

    scenario: Scenario
    known: Ranges
    terms: Terms
    faults: tuple[LeverFault, ...] = ()

    def moved(self, sent: Mapping[str, Any], lever: Any) -> Asked:
        """Return what the values of a move ask; a share takes the other two along, what is not allowed is named."""
        faults: tuple[LeverFault, ...] = ()
        scenario, terms = self.scenario, self.terms
        try:
            scenario = checked(scenario.with_values(**self._levers(sent, lever)), self.known)
        except LeverError as error:
            faults = error.faults
        changed = {name: number(sent[name]) for name in TERM_NAMES & sent.keys()}
        changed = {name: value for name, value in changed.items() if value != getattr(terms, name)}
        try:
            terms = terms.changed(**changed) if changed else terms
        except LeverError as error:
            faults += error.faults
        return replace(self, scenario=scenario, terms=terms, faults=faults)

    def _levers(self, sent: Mapping[str, Any], moved: Any) -> dict[str, float]:
        values = {name: number(sent.get(name, kept)) for name, kept in self.scenario.values.items()}
        if moved in SHARES and all(math.isfinite(values[name]) for name in SHARES):
            return rescaled_mix(values, moved, values[moved])
        return values


def asked_by(query: Mapping[str, str]) -> Asked:
    """Return what a link asks; ForecastError where it cannot be answered."""
    dataset_id, scope = read_target(query)
    known = service().ranges(dataset_id or service().demo_id, scope or "")
    terms = service().pricing.checked(terms_of(query["money"])) if "money" in query else service().money_terms()
    return Asked(from_query(query, known), known, terms)


def number(sent: Any) -> float:
    """Return what a browser sent as a number, not a number where it is none."""
    try:
        return float(sent)
    except (TypeError, ValueError, OverflowError):
        return math.nan
