"""The service as every door gets it: whoever may not do something cannot, and whatever is done is written down.

In:    use cases, from pages and the API alike.
Out:   the service's results.
Never: leaves a write to the good will of a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import numpy as np

from app.access.acts import Acts
from app.observing import Observed
from forecast_core import (
    Alarm,
    Author,
    Backup,
    Content,
    DatasetInfo,
    Intake,
    InventoryReading,
    Invoice,
    Keeping,
    Kept,
    PriceList,
    Pricing,
    Reading,
    Rounds,
    UsageReading,
    month_text,
)

Taken = Reading | InventoryReading | UsageReading
MARKS = ("edition", "locked", "archived", "decided")


def _marks(found: Kept) -> Mapping[str, Any]:
    """Return what an audit says of a scenario: no name, no words."""
    known = {name: getattr(found, name) for name in MARKS}
    return {"dataset": found.dataset_id, "version": found.version.number, "deleted": bool(found.deleted_at), **known}


class GuardedKeeping(Keeping):
    """Kept scenarios; changing them takes an analyst."""

    acts: Acts

    def _do(self, act: str, identity: str, do: Any) -> Any:
        before = _marks(self.get(identity)) if identity else {}
        return self.acts.do("analyst", act, identity, do, lambda found: {**_marks(found), "id": found.id}, before)

    def add(self, name: str, content: Content, who: Author) -> Kept:
        """Keep a new scenario."""
        return self._do("scenario kept", "", partial(super().add, name, content, who))

    def save(self, identity: str, seen: int, content: Content, who: Author) -> Kept:
        """Keep a new version."""
        return self._do("scenario version kept", identity, partial(super().save, identity, seen, content, who))

    def rename(self, identity: str, seen: int, name: str, who: Author) -> Kept:
        """Give another name."""
        return self._do("scenario renamed", identity, partial(super().rename, identity, seen, name, who))

    def lock(self, identity: str, seen: int, who: Author, *, locked: bool) -> Kept:
        """Lock or unlock."""
        return self._do("scenario locked", identity, partial(super().lock, identity, seen, who, locked=locked))

    def archive(self, identity: str, seen: int, who: Author, *, archived: bool) -> Kept:
        """Put away, or take out again."""
        return self._do("scenario archived", identity, partial(super().archive, identity, seen, who, archived=archived))

    def decide(self, identity: str, seen: int, number: int, who: Author) -> Kept:
        """Mark the version that was decided on."""
        return self._do("scenario decided", identity, partial(super().decide, identity, seen, number, who))

    def delete(self, identity: str, seen: int, who: Author) -> Kept:
        """Take away."""
        return self._do("scenario deleted", identity, partial(super().delete, identity, seen, who))

    def restore(self, identity: str, who: Author) -> Kept:
        """Bring back."""
        return self._do("scenario restored", identity, partial(super().restore, identity, who))

    def say(self, identity: str, number: int, said: str, who: Author) -> None:
        """Comment."""
        self.acts.do("analyst", "comment made", identity, partial(super().say, identity, number, said, who))

    def unsay(self, comment_id: int, at: datetime | None) -> None:
        """Take a comment back, or bring it back."""
        self.acts.do("analyst", "comment taken back", str(comment_id), partial(super().unsay, comment_id, at))

    def put_back(self, source: Path, *, replace: bool = False) -> Backup:
        """Put a backup back."""
        return self.acts.do("admin", "backup restored", "", partial(super().put_back, source, replace=replace))


class GuardedRounds(Rounds):
    """The kept score; adding to it takes an analyst."""

    acts: Acts

    def type_in(self, dataset_id: str, scope: str, month: np.datetime64, gb: float, who: Author) -> None:
        """Keep what came."""
        do = partial(super().type_in, dataset_id, scope, month, gb, who)
        typed = {"scope": scope, "month": month_text(month), "archived_gb": gb}
        self.acts.do("analyst", "actual typed in", dataset_id, do, lambda _: typed)

    def keep_invoice(self, dataset_id: str, name: str, data: bytes, only: str, who: Author) -> Invoice:
        """Keep an invoice."""
        do = partial(super().keep_invoice, dataset_id, name, data, only, who)
        return self.acts.do("analyst", "invoice kept", dataset_id, do, lambda found: {"amounts": len(found.paid)})

    def say(self, dataset_id: str, scope: str, verdict: str, words: str, who: Author) -> None:
        """Keep what somebody says of a forecast."""
        do = partial(super().say, dataset_id, scope, verdict, words, who)
        self.acts.do("analyst", "feedback given", dataset_id, do, lambda _: {"scope": scope, "verdict": verdict})

    def act(self, dataset_id: str, key: str, what: str, reason: str, who: Author) -> Alarm:
        """Acknowledge or explain an alarm."""
        do = partial(super().act, dataset_id, key, what, reason, who)
        return self.acts.do(
            "analyst", f"alarm {what}", dataset_id, do, lambda found: {"alarm": key, "state": found.state}
        )


class GuardedPricing(Pricing):
    """Prices; a new list takes an analyst."""

    acts: Acts

    def accept(self, found: PriceList) -> str:
        """Store a price list."""
        do = partial(super().accept, found)
        return self.acts.do("analyst", "prices accepted", "", do, lambda kept: {"list": kept, "rows": len(found.rows)})


class GuardedIntake(Intake):
    """Data on their way in; keeping them takes an analyst."""

    acts: Acts

    def accept(self, reading: Taken, saved_at: str, *, replaces: str = "", joins: bool = False) -> str:
        """Store what was read."""
        do = partial(super().accept, reading, saved_at, replaces=replaces, joins=joins)
        return self.acts.do("analyst", "data accepted", replaces, do, lambda kept: {"dataset": kept})

    def bring_back(self, identity: str, at: str) -> str:
        """Put a replaced data set back."""
        return self.acts.do("analyst", "data brought back", identity, partial(super().bring_back, identity, at))


class Guarded(Observed):
    """A service whose writes take a role and are audited; it does nothing before `guard` gave it its acts."""

    acts: Acts

    def __init__(self, data_dir: Path, today: np.datetime64, *given: Any, **named: Any) -> None:
        super().__init__(data_dir, today, *given, **named)
        self.pricing = GuardedPricing(data_dir, self._today, live=self.pricing.live)

    def guard(self, acts: Acts) -> Self:
        """Let every write be done by `acts`; return the service."""
        self.acts = acts
        for part in (self.pricing, self.kept, self.watch, self.intake):
            vars(part)["acts"] = acts
        return self

    @cached_property
    def intake(self) -> Intake:
        """Data on their way in."""
        return GuardedIntake(self._workspace, self.dataset, self._today, self._limits)

    @cached_property
    def kept(self) -> Keeping:
        """The scenarios that people keep."""
        return GuardedKeeping(self.store, self)

    @cached_property
    def watch(self) -> Rounds:
        """Whether it is still true."""
        return GuardedRounds(self, self._today, self._seed, self._materiality)

    def accept(self, reading: Reading | InventoryReading, saved_at: str) -> DatasetInfo:
        """Store what was read."""
        do = partial(super().accept, reading, saved_at)
        return self.acts.do("analyst", "data accepted", "", do, _accepted)

    def reload(self, dataset_id: str) -> str:
        """Read the published model again."""
        do = partial(super().reload, dataset_id)
        return self.acts.do("admin", "model reloaded", dataset_id, do, lambda found: {"model": found})


def _accepted(found: DatasetInfo) -> Mapping[str, Any]:
    kept = asdict(found)
    return {"dataset": found.id, "rows": kept["rows"], "scopes": len(found.scopes), "to": month_text(found.last_month)}
