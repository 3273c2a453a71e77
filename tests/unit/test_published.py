"""From training to the answer: what is published, who answers, and what happens when something does not fit."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.api import create_api
from forecast_core import ALL, ModelError, NotFoundError, Service, baseline
from forecast_core.backtest import ENTRANTS, recorded_plan
from forecast_core.errors import RegistryError
from forecast_core.history import History
from forecast_core.registry import Record, Registry
from forecast_core.service.card import feature_quantiles, signal_sentence
from forecast_core.service.learned import learn, learned_of
from forecast_core.service.published import Published, Task
from forecast_core.service.publishing import blank_manifest, from_files, refused, to_files
from forecast_core.service.training import Incumbent, Progress, Trained, train
from forecast_core.shelf import MANIFEST, Decision, Shelf
from tests.builders import NEXT, estate, history, store
from tests.doors import ADMIN, door

NOW = "2026-11-23T09:00:00+00:00"


class Deaf(Registry):
    """A registry that nobody can reach."""

    def log(self, dataset_id: str, record: Record) -> str:
        raise RegistryError("MLflow cannot be reached.")

    def point(self, dataset_id: str, aliases: object) -> None:
        raise RegistryError("MLflow cannot be reached.")


class Kept(Registry):
    """A registry that remembers what it was told."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.registered: dict[str, str] = {}
        self.aliases: dict[str, str] = {}

    def log(self, dataset_id: str, record: Record) -> str:
        self.records.append(record)
        return f"run-{len(self.records)}"

    def register(self, dataset_id: str, run: str, folder: str, published: str) -> str:
        self.registered[published] = run
        return "1"

    def point(self, dataset_id: str, aliases: object) -> None:
        self.aliases = dict(aliases)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Kept, list[Progress]]:
    """A small estate, trained once with the whole field."""
    folder, registry, seen = tmp_path_factory.mktemp("trained"), Kept(), list[Progress]()
    published = Published(Shelf(folder), registry)
    published.train(Task("sound", "Sound", history(), time.thread_time, seen.append, NOW))
    return folder, registry, seen


def test_a_training_reports_every_part_and_publishes_a_champion(trained: tuple[Path, Kept, list[Progress]]) -> None:
    folder, registry, seen = trained
    assert [progress.done for progress in seen] == list(range(1, 23)) and seen[-1].total == 22
    standing = Shelf(folder).standing("sound")
    assert standing.champion == "sound-v1" and standing.challenger == "" and standing.untold == ""
    assert standing.record[0].reason.startswith("first training")
    assert registry.aliases == {"champion": "sound-v1", "challenger": ""}


def test_the_record_holds_what_a_run_must_hold(trained: tuple[Path, Kept, list[Progress]]) -> None:
    record = trained[1].records[0]
    assert {"data_sha256", "code_version", "library.numpy", "champion", "rows"} <= set(record.parameters)
    assert {"wape_archived", "mase", "held/0.80", "held/0.95", "wape_archived/ahead_1_1"} <= set(record.metrics)
    assert any(name.startswith("wape_archived/scope/") for name in record.metrics)
    assert {"model_card.json", "feature_quantiles.json", "environment.json", "model/model.json"} <= set(record.files)
    parts = {part.name: part for part in record.parts}
    assert len(parts) == 11
    for name in ("seed_forest", "tuned_forest", "monotone_boosting"):
        assert {"model/model.skops", "model/trusted_types.json"} == set(parts[name].files)
    assert set(parts["stock_flow"].files) == set(parts["tweedie_glm"].files) == {"model/model.json"}
    assert all(np.isfinite(value) for part in record.parts for value in part.metrics.values())
    assert b"2026-0" not in parts["stock_flow"].files["model/model.json"], "no row of the data"


def test_what_is_read_answers_like_what_was_learned(trained: tuple[Path, Kept, list[Progress]]) -> None:
    found = Published(Shelf(trained[0]), Kept()).current("sound", history())
    assert found is not None and found.published is not None
    here = learn(history())
    plan = recorded_plan(history(), history().last_month, 24)
    assert np.array_equal(found.model.predict(plan).archived_gb, here.model.predict(plan).archived_gb)
    assert np.array_equal(found.calibration.quantiles, here.calibration.quantiles)
    assert len(found.judged) == 11 and found.model_id == here.model_id


@pytest.mark.parametrize("name", ["sound", "calendar", "no_savings", "no_stock", "bare", "observed", "one_scope"])
def test_every_kind_of_champion_survives_the_shelf(name: str, tmp_path: Path) -> None:
    past = history(name)
    learned, shelf = learn(past), Shelf(tmp_path)
    manifest, files = shelf.read(shelf.publish(blank_manifest("it", past, NOW), to_files(learned)).version)
    back = from_files(files, manifest, past)
    plan = recorded_plan(past, past.last_month, 12)
    for part in ("archived_gb", "savings_gb"):
        first, second = (getattr(model.predict(plan), part) for model in (learned.model, back.model))
        assert np.array_equal(first, second, equal_nan=True)
    assert (back.effect is None) == (learned.effect is None)
    assert back.is_levelled == learned.is_levelled
    assert [entrant.estimator for entrant in back.race.entrants] == [
        entrant.estimator for entrant in learned.race.entrants
    ]


def test_a_version_that_does_not_fit_is_named() -> None:
    past = history()
    good = blank_manifest("it", past, NOW)
    assert refused(good, past) == ""
    assert "other data" in refused(good, history("tiny"))
    assert "release 9.9" in refused(replace(good, code_version="9.9"), past)
    assert "numpy 1.26" in refused(replace(good, libraries={**good.libraries, "numpy": "1.26.0"}), past)
    assert refused(replace(good, libraries={**good.libraries, "scikit-learn": "1.9.99"}), past) == ""


def publish(shelf: Shelf, past: History, *names: str) -> list[str]:
    """Publish the same model several times; the last one answers."""
    learned = learn(past)
    versions = [shelf.publish(blank_manifest("it", past, NOW), to_files(learned)).version for _ in names]
    for version, name in zip(versions, names, strict=True):
        shelf.decide(shelf.standing("it").decided(Decision(NOW, "publish", version, name), champion=version))
    return versions


def test_the_last_good_version_goes_on_answering(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shelf, past = Shelf(tmp_path), history()
    published = Published(shelf, Kept())
    first, second = publish(shelf, past, "first", "second")
    before = published.current("it", past)
    assert before is not None and before.published is not None and before.published.version == second
    (tmp_path / second / "model.json").write_text("{}")
    assert published.current("it", past) is before, "what is in memory is good"
    fresh = Published(shelf, Kept())
    again = fresh.current("it", past)
    assert again is not None and again.published is not None and again.published.version == first
    assert "model.json was changed" in fresh.note("it") and "refused" in caplog.text
    (tmp_path / first / MANIFEST).unlink()
    assert Published(shelf, Kept()).current("it", past) is None, "nothing fits: learn here"


def test_a_file_that_lies_about_itself_is_refused_not_run(tmp_path: Path) -> None:
    """A manifest that fits a broken content still ends in a named error."""
    past, shelf = history(), Shelf(tmp_path)
    files = to_files(learn(past))
    odd = {**files, "model.json": json.dumps({"model": {"kind": "pickle"}, "effect": None}).encode()}
    for content in (odd, {**files, "race.json": b"{}"}, {name: files[name] for name in ("model.json", "race.json")}):
        manifest, read = shelf.read(shelf.publish(blank_manifest("it", past, NOW), content).version)
        with pytest.raises(ModelError):
            from_files(read, manifest, past)


def test_promote_and_rollback_keep_their_reasons(tmp_path: Path) -> None:
    shelf, past, registry = Shelf(tmp_path), history(), Kept()
    first, second = publish(shelf, past, "first", "second")
    published = Published(shelf, registry)
    assert published.rollback("it", "the second one leans", NOW).champion == first
    assert registry.aliases["champion"] == first
    assert published.promote("it", second, "mended", NOW).champion == second
    record = shelf.standing("it").record
    assert [(line.action, line.reason) for line in record[2:]] == [
        ("rollback", "the second one leans"),
        ("promote", "mended"),
    ]
    with pytest.raises(ModelError, match="reason is needed"):
        published.promote("it", first, "  ", NOW)
    with pytest.raises(NotFoundError, match="no challenger"):
        published.promote("it", "", "why not", NOW)
    with pytest.raises(NotFoundError):
        published.promote("it", "other-v1", "why not", NOW)
    with pytest.raises(NotFoundError, match="no earlier version"):
        published.rollback("nothing", "why not", NOW)


def test_without_mlflow_everything_goes_on_and_says_so(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    publish(shelf, history(), "first", "second")
    published = Published(shelf, Deaf("", "", tmp_path))
    outcome = published.rollback("it", "try", NOW)
    assert "MLflow cannot be reached" in outcome.registry_note
    assert shelf.standing("it").champion == "it-v1" and "cannot be reached" in shelf.standing("it").untold
    assert Published(shelf, Kept()).tell("it") == "" and shelf.standing("it").untold == ""


def test_a_live_challenger_waits_unless_it_clearly_wins() -> None:
    """The naive champion of last year is beaten for good by stock and flow; a close second only waits."""

    def trained_after(incumbent: Incumbent) -> Trained:
        return train(history(), time.thread_time, lambda _: None, incumbent, field=ENTRANTS)

    beaten = trained_after(Incumbent("same_month_last_year"))
    assert beaten.champion.race.champion.estimator.name == "stock_flow" and beaten.challenger is None
    assert "took over" in beaten.reason and beaten.changed == "2026-10"
    recent = trained_after(Incumbent("same_month_last_year", changed="2026-07"))
    assert recent.champion.race.champion.estimator.name == "same_month_last_year"
    assert recent.challenger is not None and recent.challenger.race.champion.estimator.name == "stock_flow"
    assert "changed 3 months ago" in recent.reason and recent.changed == "2026-07"
    assert recent.champion.is_levelled and recent.champion.effect is not None
    asked = trained_after(Incumbent("same_month_last_year", may_lose=False))
    assert asked.champion.race.champion.estimator.name == "same_month_last_year" and asked.challenger is not None
    assert "put forward" in asked.reason and asked.changed == ""


def test_the_service_reads_what_is_published_and_reloads_without_a_restart(tmp_path: Path) -> None:
    dataset_id = store(tmp_path, "sound", history())
    service = Service(tmp_path, NEXT)
    service.models = Published(Shelf(tmp_path / "models"), Kept())
    reads: list[int] = []
    service.models.on_read = lambda: reads.append(1)
    assert service.learned(dataset_id).published is None
    before = service.simulate(baseline(service.ranges(dataset_id, ALL)))
    service.train(dataset_id, NOW, time.thread_time, lambda _: None)
    assert service.learned(dataset_id).published is not None and reads
    after = service.simulate(baseline(service.ranges(dataset_id, ALL)))
    assert np.array_equal(before.archived.baseline.point, after.archived.baseline.point)
    view = service.models_of(dataset_id)
    assert view.is_whole and view.version == f"{dataset_id}-v1" and view.original is not None
    assert view.champion.name == "stock_flow" and not view.refused


HARMS = {
    "cut in half": ("model.json", "its file model.json was changed"),
    "swapped with another valid one": ("model.json", "its file model.json was changed"),
    "another whole version under its name": ("", "Another model lies under the name"),
    "manifest cut in half": (MANIFEST, "its manifest cannot be read"),
    "deleted": ("", "There is no published version"),
    "who answers cut in half": ("", "record of which model answers is gone or cannot be read"),
    "who answers deleted": ("", "record of which model answers is gone or cannot be read"),
}


def _harm(folder: Path, version: str, other: str, harm: str) -> None:
    """Do to a published version what disks and people do."""
    place, pointer = folder / version, folder / f"{version.partition('-')[0]}.json"
    if harm.endswith("cut in half"):
        cut = pointer if harm.startswith("who") else place / HARMS[harm][0]
        cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    elif harm == "swapped with another valid one":
        place.joinpath("model.json").write_bytes((folder / other / "model.json").read_bytes())
    elif harm == "another whole version under its name":
        told = json.loads((folder / other / MANIFEST).read_text()) | {"version": version}
        shutil.copytree(folder / other, place, dirs_exist_ok=True)
        place.joinpath(MANIFEST).write_text(json.dumps(told))
    else:
        pointer.unlink() if harm.startswith("who") else shutil.rmtree(place)


@pytest.fixture(scope="module")
def two() -> list[dict[str, bytes]]:
    """Two valid models of one history, as files."""
    found = learn(history()).race
    other = next(entrant for entrant in found.entrants if entrant.rolled and entrant is not found.champion)
    files = [to_files(learned_of(history(), replace(found, champion=champion))) for champion in (found.champion, other)]
    assert files[0]["model.json"] != files[1]["model.json"]
    return files


@pytest.mark.parametrize("harm", HARMS)
def test_a_reload_that_cannot_read_says_so_and_the_model_in_memory_goes_on(
    harm: str, two: list[dict[str, bytes]], tmp_path: Path
) -> None:
    dataset_id, folder, service = store(tmp_path, "sound", history()), tmp_path / "models", Service(tmp_path, NEXT)
    shelf, past = Shelf(folder), service.dataset(dataset_id).history
    first, second = [shelf.publish(blank_manifest(dataset_id, past, NOW), part).version for part in two]
    shelf.decide(shelf.standing(dataset_id).decided(Decision(NOW, "publish", first, "it won"), champion=first))
    admin = TestClient(create_api(door(service, ADMIN)), raise_server_exceptions=False)
    before = admin.post("/v1/simulate", json={"dataset": dataset_id})
    assert admin.post("/v1/reload-model", params={"dataset": dataset_id}).json()["note"] == ""
    _harm(folder, first, second, harm)
    told = admin.post("/v1/reload-model", params={"dataset": dataset_id})
    assert told.status_code == 409 and HARMS[harm][1] in told.json()["detail"], told.text
    assert "Nothing was reloaded" in told.json()["detail"] and told.json()["hint"]
    info = admin.get("/v1/model/info", params={"dataset": dataset_id}).json()
    assert info["version"] == first and HARMS[harm][1] in info["note"]
    assert admin.post("/v1/simulate", json={"dataset": dataset_id}).json() == before.json()


def test_a_data_set_that_was_never_trained_shows_the_whole_field_all_the_same(tmp_path: Path) -> None:
    view = Service(tmp_path, NEXT).models_of("demo")
    assert not view.is_whole and view.version == ""
    assert view.original is not None and view.original.fault.startswith("not raced yet")
    assert view.champion.judged.behaviour is not None and view.champion.judged.bands


def test_the_quantiles_cover_every_feature() -> None:
    found = feature_quantiles(history())
    assert len(found) == 9 and found["total_files"]["0.01"] < found["total_files"]["0.99"]
    assert feature_quantiles(history("bare")) == {}


def test_noise_is_said_to_be_noise() -> None:
    rows = estate(["A", "B", "C"], 36)
    noise = np.random.default_rng(1).uniform(1, 100, len(rows))
    learned = learn(History.of(rows.assign(archived_gb=noise, savings_gb=noise / 2)))
    assert signal_sentence(learned) == "No model beats guessing the mean; this file holds no signal."
    assert signal_sentence(learn(history())) == ""
