"""Scenarios that are kept: what was answered then, what is answered now, and why it differs.

In:    a `Store`; questions, with who asks and the sentence that was shown.
Out:   `Kept` scenarios; `Standing` of each: then, now, reasons.
Never: changes an answer that was kept; hides that one cannot be given any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from forecast_core.errors import ForecastError, LeverError, ScenarioError
from forecast_core.money import Terms, terms_of
from forecast_core.scenario import Ranges, Scenario, from_query, read_target, to_query
from forecast_core.service.answers import Answer
from forecast_core.service.costs import MoneyReport
from forecast_core.service.frozen import Frozen, differences, freeze, made_with, thaw
from forecast_core.store import Author, Backup, Content, Kept, Scenarios, Store, Version, back_up, restore

MONEY = "money"
LONGEST_LINK = 8000
KEPT_ANSWERS = 64


class Doors(Protocol):
    """What keeping asks of the service."""

    def edition(self, dataset_id: str) -> str:
        """Return what changes when another model answers."""
        ...

    def ranges(self, dataset_id: str, scope: str) -> Ranges:
        """Return the levers of a scope."""
        ...

    def simulate(self, scenario: Scenario) -> Answer:
        """Answer a what-if."""
        ...

    def money(self, scenario: Scenario, terms: Terms) -> MoneyReport:
        """Return the whole bill."""
        ...

    def money_terms(self) -> Terms:
        """Return the terms that money starts from."""
        ...


@dataclass(frozen=True)
class Asked:
    """A whole question: the scenario, and the terms of money where they were touched."""

    scenario: Scenario
    terms: Terms | None = None

    @property
    def link(self) -> str:
        """The question as the query of a link."""
        money = {MONEY: self.terms.to_text()} if self.terms else {}
        return urlencode(to_query(self.scenario) | money)


@dataclass(frozen=True, eq=False)
class Standing:
    """A kept scenario, then and now. `now` is None, and `fault` says why, where it cannot be answered any more.

    `reasons` are (data, model, prices or release; then; now); `is_same` whether the digest of the question still fits.
    """

    kept: Kept
    then: Frozen
    asked: Asked | None
    now: Answer | None
    bill: MoneyReport | None
    reasons: tuple[tuple[str, str, str], ...]
    is_same: bool
    fault: ForecastError | None


class Keeping(Scenarios):
    """The kept scenarios of a service."""

    def __init__(self, store: Store, doors: Doors) -> None:
        super().__init__(store)
        self._doors = doors
        self._answered = lru_cache(KEPT_ANSWERS)(self._answer)

    def content(self, asked: Asked, headline: str, note: str = "") -> Content:
        """Return what a version holds: the question, and what is answered now."""
        if len(asked.link) > LONGEST_LINK:
            raise ScenarioError("This scenario is too long to be kept.", hint="Take back some of your own prices.")
        scenario = asked.scenario
        frozen = freeze(self._doors.simulate(scenario), self.bill(asked), headline)
        return Content(scenario.dataset_id, scenario.scope, scenario.id, asked.link, frozen, note)

    def keep(self, name: str, asked: Asked, headline: str, note: str, who: Author) -> Kept:
        """Keep a question under a name."""
        return self.add(name, self.content(asked, headline, note), who)

    def keep_version(self, identity: str, seen: int, asked: Asked, headline: str, who: Author) -> Kept:
        """Keep a question as the next version of a scenario; ConflictError where somebody was faster."""
        return self.save(identity, seen, self.content(asked, headline), who)

    def duplicate(self, identity: str, name: str, who: Author) -> Kept:
        """Keep the current version of a scenario under another name, with what was answered then."""
        found = self.get(identity)
        version = found.version
        same = Content(found.dataset_id, found.scope, version.digest, version.link, version.frozen, version.note)
        return self.add(name, same, who)

    def asked(self, version: Version) -> Asked:
        """Return the question of a version; a ForecastError where it cannot be asked here or now."""
        return self._asked(version.link)

    def _asked(self, link: str) -> Asked:
        query = dict(parse_qsl(link, keep_blank_values=True))
        dataset_id, scope = read_target(query)
        known = self._doors.ranges(dataset_id or "", scope or "")
        terms = terms_of(query[MONEY]) if MONEY in query else None
        return Asked(from_query(query, known), terms)

    def opened(self, code: str) -> tuple[Kept, Version]:
        """Return what the short form of a link names: `abcd2345` the current version, `abcd2345.2` the second."""
        identity, _, number = code.partition(".")
        kept = self.get(identity)
        if not number:
            return kept, kept.version
        return kept, self.version(identity, int(number) if number.isascii() and number.isdigit() else -1)

    def bill(self, asked: Asked) -> MoneyReport | None:
        """Return the whole bill of a question, None where it cannot be made."""
        try:
            return self._doors.money(asked.scenario, asked.terms or self._doors.money_terms())
        except LeverError:
            raise
        except ForecastError:
            return None

    def standing(self, kept: Kept) -> Standing:
        """Return a scenario then and now."""
        version, then = kept.version, thaw(kept.version.frozen)
        try:
            asked, now, bill = self._answered(version.link, self._doors.edition(kept.dataset_id))
        except ForecastError as fault:
            return Standing(kept, then, None, None, None, (), False, fault)
        reasons = differences(version.frozen, made_with(now.provenance, bill))
        return Standing(kept, then, asked, now, bill, reasons, asked.scenario.id == version.digest, None)

    def back_up(self, target: Path, now: str) -> Backup:
        """Write everything that is kept into one file."""
        return back_up(self._store, target, now)

    def put_back(self, source: Path, *, replace: bool = False) -> Backup:
        """Put a backup back, in place of what is there only where that is asked for."""
        return restore(self._store, source, replace=replace)

    def _answer(self, link: str, _: str) -> tuple[Asked, Answer, MoneyReport | None]:
        asked = self._asked(link)
        return asked, self._doors.simulate(asked.scenario), self.bill(asked)
