"""The published models of every data set: who answers, who waits, how that changes.

In:    a shelf, a registry, the data sets' histories.
Out:   the champion, read and checked; training, promotion, rollback, each recorded with its reason.
Never: needs MLflow to answer; lets a version answer that does not fit; forgets the last good one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from forecast_core.errors import ForecastError, ModelError, NotFoundError, RegistryError
from forecast_core.estimators import Model
from forecast_core.history import History
from forecast_core.months import month_text
from forecast_core.registry import Record, Registry
from forecast_core.service.card import feature_quantiles, model_card
from forecast_core.service.judging import Clock, Truth
from forecast_core.service.learned import Learned
from forecast_core.service.publishing import blank_manifest, from_files, refused, to_files
from forecast_core.service.records import record_of
from forecast_core.service.training import Incumbent, Report, Trained, train
from forecast_core.shelf import Decision, Manifest, Shelf, Standing

log = logging.getLogger(__name__)
Pictures = Callable[[Learned], Mapping[str, bytes]]
CARD, QUANTILES = "model_card.json", "feature_quantiles.json"
MEND = "Put its files back from a backup, roll back, or train again."


@dataclass(frozen=True)
class Outcome:
    """What a training, promotion or rollback came to; `registry_note` says what MLflow could not be told, "" if all."""

    dataset_id: str
    champion: str
    champion_title: str
    challenger: str
    reason: str
    registry_note: str


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be trained, by whose clock; `now` an ISO time, `pictures` are files for the record."""

    dataset_id: str
    name: str
    history: History
    clock: Clock
    report: Report
    now: str
    truth: Truth | None = None
    pictures: Pictures | None = None


@dataclass(frozen=True)
class Tracking:
    """Where trainings are recorded ("" is SQLite in the data folder), under which name, and which alias is served."""

    uri: str = ""
    model_name: str = "archive-forecast"
    alias: str = "champion"


@dataclass(frozen=True, eq=False)
class Training:
    """A finished training: what it came to, and every model of the field by name."""

    outcome: Outcome
    models: Mapping[str, Model]


class Published:
    """One per process; `alias` is whose answers this process serves, `on_read` is called after a version was read.

    `may_replace` is false where a person decides whether a challenger that won takes over.
    """

    def __init__(self, shelf: Shelf, registry: Registry, alias: str = "champion") -> None:
        self._shelf, self._registry, self._alias = shelf, registry, alias
        self.on_read: Callable[[], None] = _nothing
        self.may_replace = True
        self._last_good: dict[str, tuple[Standing, Learned]] = {}
        self._notes: dict[str, str] = {}

    @classmethod
    def at(cls, data_dir: Path, models_dir: Path | None = None, tracking: Tracking | None = None) -> Published:
        """Return the models published in a folder, by default in the data folder, tracked there by default."""
        tracking = tracking or Tracking()
        uri = tracking.uri or f"sqlite:///{(data_dir / 'mlflow.db').resolve()}"
        registry = Registry(uri, tracking.model_name, data_dir / "mlflow")
        return cls(Shelf(models_dir or data_dir / "models"), registry, tracking.alias)

    # ── answering ──────────────────────────────────────────────────────────────────────────────────────────────────
    def edition(self, dataset_id: str) -> str:
        """Return a text that changes when another version is to answer."""
        return self._shelf.edition(dataset_id)

    def current(self, dataset_id: str, history: History) -> Learned | None:
        """Return the version that answers; one that does not fit is refused, and the last good one goes on."""
        try:
            return self.reread(dataset_id, history)
        except ModelError as error:
            log.warning("%s: %s", dataset_id, error.what)
        standing = self._shelf.standing(dataset_id)
        found = self._kept(dataset_id, history) or self._earlier(standing, history)
        if found is not None:
            self._last_good[dataset_id] = (standing, found)
        return found

    def reread(self, dataset_id: str, history: History) -> Learned | None:
        """Read the version that should answer, None where nothing was published.

        ModelError where it cannot be read or is another one than before under the same name; what answers goes on.
        """
        self._notes.pop(dataset_id, None)
        try:
            found = self._wanted(dataset_id, history)
        except ForecastError as error:
            self._notes[dataset_id] = error.what
            raise ModelError(error.what, hint=error.hint) from error
        if found is not None:
            self._last_good[dataset_id] = (self._shelf.standing(dataset_id), found)
            self.on_read()
        return found

    def note(self, dataset_id: str) -> str:
        """Return why the version that should answer does not, "" if it does."""
        return self._notes.get(dataset_id, "")

    def _wanted(self, dataset_id: str, history: History) -> Learned | None:
        standing, kept = self._shelf.standing(dataset_id), self._kept(dataset_id, history)
        version = (standing.challenger if self._alias == "challenger" else "") or standing.champion
        before = kept.published if kept else None
        if not version:
            if before is not None or self._shelf.edition(dataset_id):
                raise ModelError("The record of which model answers is gone or cannot be read.", hint=MEND)
            return None
        found = self._read(version, history)
        is_decided_anew = before is None or before.version != version or self._last_good[dataset_id][0] != standing
        if not is_decided_anew and found.published != before:
            raise ModelError(f"Another model lies under the name of the published version {version}.", hint=MEND)
        return found

    def _earlier(self, standing: Standing, history: History) -> Learned | None:
        """Return the version that answered before and still can, the latest first."""
        for version in standing.earlier:
            try:
                return self._read(version, history)
            except ForecastError as error:
                log.warning("%s: %s", standing.dataset_id, error.what)
        return None

    def _kept(self, dataset_id: str, history: History) -> Learned | None:
        """Return what was read last, if it is still about the same data."""
        _, found = self._last_good.get(dataset_id, (None, None))
        return found if found is not None and found.history.sha256 == history.sha256 else None

    def _read(self, version: str, history: History) -> Learned:
        manifest, files = self._shelf.read(version)
        if why := refused(manifest, history):
            raise ModelError(f"The published version {version} is refused: {why}.", hint="Train again.")
        return from_files(files, manifest, history)

    # ── deciding ───────────────────────────────────────────────────────────────────────────────────────────────────
    def train(self, task: Task) -> Training:
        """Race the whole field, publish who answers and who waits, tell MLflow."""
        incumbent = self._incumbent(task)
        trained = train(task.history, task.clock, task.report, incumbent, task.truth)
        champion = self._publish(task, trained.champion, trained.changed)
        challenger = self._publish(task, trained.challenger, trained.changed) if trained.challenger else None
        waits = challenger.version if challenger else ""
        decision = Decision(task.now, "publish", champion.version, trained.reason)
        self._shelf.decide(
            self._shelf.standing(task.dataset_id).decided(decision, champion=champion.version, challenger=waits)
        )
        note = self._log(task, trained, champion, challenger)
        title = trained.champion.race.champion.estimator.title
        outcome = Outcome(task.dataset_id, champion.version, title, waits, trained.reason, note)
        return Training(outcome, trained.models)

    def promote(self, dataset_id: str, version: str, reason: str, now: str) -> Outcome:
        """Let a version answer ("" is the challenger); NotFoundError if there is none."""
        standing = self._shelf.standing(dataset_id)
        wanted = version or standing.challenger
        if not wanted:
            raise NotFoundError("There is no challenger to promote.", hint="Train first, or name a version.")
        return self._answer(standing, wanted, Decision(now, "promote", wanted, _reasoned(reason)))

    def rollback(self, dataset_id: str, reason: str, now: str) -> Outcome:
        """Let the version answer that did before; NotFoundError if there is none."""
        standing = self._shelf.standing(dataset_id)
        if not standing.earlier:
            raise NotFoundError("There is no earlier version to go back to.", hint="Only one was ever champion.")
        before = standing.earlier[0]
        return self._answer(standing, before, Decision(now, "rollback", before, _reasoned(reason)))

    def register(self, dataset_id: str, folder: Path) -> tuple[str, ...]:
        """Publish what was trained here in another folder too; return the versions that it lacked."""
        if not self._shelf.standing(dataset_id).champion:
            raise NotFoundError("Nothing was published for this data set.", hint="Train first.")
        return self._shelf.hand_over(dataset_id, Shelf(folder))

    def tell(self, dataset_id: str) -> str:
        """Let MLflow's aliases name what the shelf says; return what could not be told, "" if all."""
        standing = self._shelf.standing(dataset_id)
        aliases = {"champion": standing.champion, "challenger": standing.challenger}
        return self._untold(dataset_id, lambda: self._registry.point(dataset_id, aliases))

    def _untold(self, dataset_id: str, telling: Callable[[], None]) -> str:
        """Tell MLflow something; keep and return what went wrong, "" if nothing."""
        note = ""
        try:
            telling()
        except RegistryError as error:
            log.warning("MLflow not told: %s", error)
            note = str(error)
        standing = self._shelf.standing(dataset_id)
        if standing.untold != note:
            self._shelf.decide(replace(standing, untold=note))
        return note

    def _answer(self, standing: Standing, version: str, decision: Decision) -> Outcome:
        manifest, _ = self._shelf.read(version)
        if manifest.dataset_id != standing.dataset_id:
            raise NotFoundError(f"{version} is not a version of {standing.dataset_id}.")
        waits = "" if version == standing.challenger else standing.challenger
        self._shelf.decide(standing.decided(decision, champion=version, challenger=waits))
        title = manifest.about.get("title", "")
        note = self.tell(standing.dataset_id)
        return Outcome(standing.dataset_id, version, title, waits, decision.reason, note)

    # ── looking ────────────────────────────────────────────────────────────────────────────────────────────────────
    def standing(self, dataset_id: str) -> Standing:
        """Return who answers and waits, and the record of decisions."""
        return self._shelf.standing(dataset_id)

    def trained_at(self, version: str) -> str:
        """Return the ISO time at which a version was made; NotFoundError if there is none."""
        return self._shelf.manifest(version).created_at

    def manifests(self, dataset_id: str) -> tuple[Manifest, ...]:
        """Return what every readable version says of itself, the newest first."""
        found = []
        for version in self._shelf.versions(dataset_id):
            try:
                found.append(self._shelf.manifest(version))
            except ForecastError as error:
                log.warning("version %s left out: %s", version, error.what)
        return tuple(found)

    def card(self, dataset_id: str, version: str = "") -> dict[str, Any]:
        """Return the model card of a version, of the champion by default; NotFoundError if there is none."""
        wanted = version or self._shelf.standing(dataset_id).champion
        if not wanted:
            raise NotFoundError("Nothing was published for this data set.", hint="Train first.")
        manifest, files = self._shelf.read(wanted)
        return {"version": wanted, "trained_at": manifest.created_at, **json.loads(files[CARD])}

    # ── parts of a training ────────────────────────────────────────────────────────────────────────────────────────
    def latest(self, dataset_id: str, name: str) -> Manifest | None:
        """Return who answers on this data set, or else on the latest one of the same name; None if nobody does yet."""
        manifests = []
        for standing in self._shelf.standings():
            try:
                manifest = self._shelf.manifest(standing.champion)
            except ForecastError:
                continue
            if standing.dataset_id == dataset_id or manifest.about.get("dataset") == name:
                manifests.append(manifest)
        own = [manifest for manifest in manifests if manifest.dataset_id == dataset_id]
        return max(own or manifests, key=lambda manifest: manifest.about.get("data_to", ""), default=None)

    def _incumbent(self, task: Task) -> Incumbent | None:
        """Return who answered so far: on this data set, or on the latest one of the same name."""
        latest = self.latest(task.dataset_id, task.name)
        if latest is None:
            return None
        return Incumbent(latest.about["estimator"], latest.about.get("changed", ""), self.may_replace)

    def _publish(self, task: Task, learned: Learned, changed: str) -> Manifest:
        best = learned.race.champion.estimator
        about = {
            "dataset": task.name,
            "data_to": month_text(task.history.last_month),
            "estimator": best.name,
            "title": best.title,
            "changed": changed,
        }
        manifest = replace(blank_manifest(task.dataset_id, task.history, task.now), about=about)
        words = {CARD: model_card(learned, task.name), QUANTILES: feature_quantiles(task.history)}
        told = {name: json.dumps(value, ensure_ascii=False, indent=1).encode() for name, value in words.items()}
        return self._shelf.publish(manifest, {**to_files(learned), **told})

    def _log(self, task: Task, trained: Trained, champion: Manifest, challenger: Manifest | None) -> str:
        """Log the training in MLflow and name its versions; return what could not be told."""

        def logging_it() -> None:
            files = self._files(champion) | (dict(task.pictures(trained.champion)) if task.pictures else {})
            run = self._registry.log(task.dataset_id, record_of(trained, champion, files))
            self._registry.register(task.dataset_id, run, "model", champion.version)
            if challenger is not None:
                beside = self._registry.log(task.dataset_id, Record(challenger.version, files=self._files(challenger)))
                self._registry.register(task.dataset_id, beside, "model", challenger.version)

        return self._untold(task.dataset_id, logging_it) or self.tell(task.dataset_id)

    def _files(self, manifest: Manifest) -> dict[str, bytes]:
        _, files = self._shelf.read(manifest.version)
        return {(name if name in (CARD, QUANTILES) else f"model/{name}"): content for name, content in files.items()}


def _nothing() -> None:
    """Nobody wants to know."""


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise ModelError("A reason is needed.", hint="Say in a few words why; it is kept in the record.")
    return reason.strip()[:500]
