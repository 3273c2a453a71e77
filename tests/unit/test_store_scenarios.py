"""Scenarios in real databases: versions, conflicts, undo, and what happens when things go wrong."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import text

from forecast_core.errors import ConflictError, NotFoundError, ScenarioError, SourceError, StoreError
from forecast_core.store import Author, Content, Kept, Scenarios, Store, back_up, migrate, restore
from forecast_core.store.scenario_tables import scenario
from tests.databases import postgres, postgres_tools, processes

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ANN, BOB = Author("Ann", NOON), Author("Bob", NOON + timedelta(minutes=5))
PROCESSES, WRITES = 4, 100
Fresh = Callable[[], Store]


def content(digest: str = "0123456789ab", note: str = "") -> Content:
    return Content("demo", "ALL", digest, f"v=1&d=demo&scope=ALL&perday={digest}", {"saved": [1.5, None, "€"]}, note)


@pytest.fixture(scope="session")
def postgres_url(in_ci: bool) -> Iterator[Callable[[], str]]:
    tools = postgres_tools()
    if tools is None:
        (pytest.fail if in_ci else pytest.skip)("needs PostgreSQL's server programs")
    with postgres(tools) as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = request.getfixturevalue("postgres_url")() if request.param == "postgresql" else ""
    found = Store.at(tmp_path, url)
    yield found
    found.close()


@pytest.fixture
def scenarios(store: Store) -> Scenarios:
    return Scenarios(store)


# ── versions and marks ─────────────────────────────────────────────────────────────────────────────────────────────
def test_what_was_kept_comes_back_as_it_was(scenarios: Scenarios, store: Store) -> None:
    kept = scenarios.add(" Twice as often ", content(note="as discussed\n"), ANN)
    store.close()  # the next use opens it as another process would
    found = scenarios.get(kept.id)
    assert found == kept
    assert (found.name, found.version.number, found.version.note) == ("Twice as often", 1, "as discussed")
    assert found.version.frozen == {"saved": [1.5, None, "€"]}
    assert found.created_at == NOON and found.created_at.tzinfo is not None
    assert (found.locked, found.archived, found.decided, found.deleted_at) == (False, False, 0, None)


def test_every_version_stays(scenarios: Scenarios) -> None:
    first = scenarios.add("A", content("a" * 12), ANN)
    second = scenarios.save(first.id, 1, content("b" * 12), BOB)
    assert (second.version.number, second.changed_by) == (2, "Bob")
    assert [found.digest[0] for found in scenarios.versions(first.id)] == ["b", "a"]
    assert scenarios.version(first.id, 1).saved_by == "Ann"
    with pytest.raises(NotFoundError, match="no version 3"):
        scenarios.version(first.id, 3)


def test_two_people_editing_are_told_and_nothing_is_overwritten(scenarios: Scenarios) -> None:
    kept = scenarios.add("A", content(), ANN)
    scenarios.save(kept.id, 1, content("b" * 12), BOB)
    with pytest.raises(
        ConflictError, match="Bob changed “A” on 02 Nov 2026 at 12:05 UTC, .*at version 2 now"
    ) as caught:
        scenarios.save(kept.id, 1, content("c" * 12), ANN)
    assert caught.value.status == 409
    with pytest.raises(ConflictError, match="Bob changed"):
        scenarios.rename(kept.id, kept.edition, "Mine", ANN)
    assert [found.digest[0] for found in scenarios.versions(kept.id)] == ["b", "0"]
    assert scenarios.get(kept.id).name == "A"


def test_marks_are_set_and_taken_back(scenarios: Scenarios) -> None:
    kept = scenarios.add("A", content(), ANN)
    kept = scenarios.rename(kept.id, kept.edition, "B", BOB)
    kept = scenarios.archive(kept.id, kept.edition, BOB, archived=True)
    kept = scenarios.decide(kept.id, kept.edition, 1, BOB)
    assert (kept.name, kept.archived, kept.decided, kept.decided_by, kept.decided_at) == ("B", True, 1, "Bob", BOB.at)
    kept = scenarios.archive(kept.id, kept.edition, ANN, archived=False)
    kept = scenarios.decide(kept.id, kept.edition, 0, ANN)
    assert (kept.archived, kept.decided, kept.decided_by, kept.decided_at) == (False, 0, "", None)


def test_what_was_decided_stays_the_version_it_was(scenarios: Scenarios) -> None:
    kept = scenarios.add("A", content("a" * 12), ANN)
    kept = scenarios.decide(kept.id, kept.edition, 1, ANN)
    scenarios.save(kept.id, 1, content("b" * 12), BOB)
    scenarios.add("B", content(), BOB)
    ((found, version),) = scenarios.decided()
    assert (found.id, version.number, version.digest) == (kept.id, 1, "a" * 12)


def test_a_locked_scenario_is_not_changed(scenarios: Scenarios) -> None:
    kept = scenarios.add("Baseline", content(), ANN)
    kept = scenarios.lock(kept.id, kept.edition, ANN, locked=True)
    for act in (
        lambda: scenarios.save(kept.id, 1, content("b" * 12), BOB),
        lambda: scenarios.rename(kept.id, kept.edition, "Mine", BOB),
        lambda: scenarios.delete(kept.id, kept.edition, BOB),
    ):
        with pytest.raises(ScenarioError, match="“Baseline” is locked"):
            act()
    kept = scenarios.lock(kept.id, kept.edition, ANN, locked=False)
    assert scenarios.rename(kept.id, kept.edition, "Mine", BOB).name == "Mine"


def test_deleting_can_be_undone(scenarios: Scenarios) -> None:
    kept = scenarios.add("A", content(), ANN)
    scenarios.say(kept.id, 1, "Looks right.", BOB)
    scenarios.delete(kept.id, kept.edition, ANN)
    assert scenarios.all() == () and [found.id for found in scenarios.all(deleted=True)] == [kept.id]
    scenarios.restore(kept.id, BOB)
    assert [found.id for found in scenarios.all()] == [kept.id]
    assert [found.said for found in scenarios.comments(kept.id)] == ["Looks right."]


def test_comments_belong_to_a_version_and_can_be_taken_back(scenarios: Scenarios) -> None:
    kept = scenarios.add("A", content(), ANN)
    scenarios.say(kept.id, 1, " Why so often? ", BOB)
    scenarios.say(kept.id, 1, "Because.", ANN)
    first, second = sorted(scenarios.comments(kept.id), key=lambda found: found.id)
    assert (first.said, first.said_by, first.number) == ("Why so often?", "Bob", 1)
    scenarios.unsay(second.id, NOON)
    assert [found.said for found in scenarios.comments(kept.id)] == ["Why so often?"]
    scenarios.unsay(second.id, None)
    assert len(scenarios.comments(kept.id)) == 2
    with pytest.raises(ScenarioError, match="empty or too long"):
        scenarios.say(kept.id, 1, "  ", ANN)


def test_a_name_is_needed_and_an_unknown_scenario_is_named(scenarios: Scenarios) -> None:
    for name in ("", "  ", "x" * 121, "a\x00b", "a\nb", "\x1b[31m"):
        with pytest.raises(ScenarioError, match="needs a name"):
            scenarios.add(name, content(), ANN)
    with pytest.raises(NotFoundError, match="'nowhere'"):
        scenarios.get("nowhere")


def test_the_list_shows_what_changed_last_first(scenarios: Scenarios) -> None:
    older, newer = scenarios.add("A", content(), ANN), scenarios.add("B", content(), BOB)
    assert [found.id for found in scenarios.all()] == [newer.id, older.id]


# ── many at once ───────────────────────────────────────────────────────────────────────────────────────────────────
def _write_a_hundred(url: str, shared: str, number: int) -> None:
    """Add fifty scenarios, and fifty versions of one that everybody saves to; who is told to look again does."""
    scenarios = Scenarios(Store.at(Path(), url))
    who = Author(f"process {number}", NOON)
    for index in range(WRITES // 2):
        scenarios.add(f"{number}-{index}", content(), who)
        mine = content(f"{number}-{index}")
        while not _saved(scenarios, shared, mine, who):
            pass


def _saved(scenarios: Scenarios, shared: str, mine: Content, who: Author) -> bool:
    try:
        scenarios.save(shared, scenarios.get(shared).version.number, mine, who)
    except ConflictError:
        return False
    return True


def test_four_processes_write_a_hundred_times_and_nothing_is_lost(scenarios: Scenarios, store: Store) -> None:
    shared = scenarios.add("shared", content("first"), ANN)
    url = store.url.render_as_string(hide_password=False)
    running = [
        processes().Process(target=_write_a_hundred, args=(url, shared.id, number)) for number in range(PROCESSES)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * PROCESSES
    said = {f"{number}-{index}" for number in range(PROCESSES) for index in range(WRITES // 2)}
    versions = scenarios.versions(shared.id)
    assert [found.number for found in versions] == list(range(PROCESSES * WRITES // 2 + 1, 0, -1))
    assert {found.digest for found in versions} == said | {"first"}
    assert {found.name for found in scenarios.all()} == said | {"shared"}


# ── when things go wrong ───────────────────────────────────────────────────────────────────────────────────────────
def _stop_half_way(url: str, signal_half: Connection) -> None:
    store = Store.at(Path(), url)
    Scenarios(store).add("whole", content(), ANN)
    with store.transaction() as connection:
        connection.execute(scenario.update().values(name="half"))
        signal_half.send("half")
        signal.pause()


def test_a_save_that_is_killed_leaves_nothing_behind(scenarios: Scenarios, store: Store) -> None:
    here, there = processes().Pipe()
    url = store.url.render_as_string(hide_password=False)
    process = processes().Process(target=_stop_half_way, args=(url, there))
    process.start()
    assert here.recv() == "half"
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert [found.name for found in scenarios.all()] == ["whole"]
    assert scenarios.add("next", content(), ANN).name == "next", "nobody holds the right to write"
    if store.url.get_backend_name() == "sqlite":
        with store.reading() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


@pytest.fixture
def small_disk(tmp_path: Path, in_ci: bool) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        (pytest.fail if in_ci else pytest.skip)("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_named_and_what_was_saved_before_is_safe(small_disk: Path) -> None:
    store = Store.at(small_disk)
    scenarios = Scenarios(store)
    saved: list[Kept] = []
    with pytest.raises(StoreError, match=r"disk of the database is full.*Nothing of this was saved.*Make room"):
        while True:
            saved.append(scenarios.add("A", content(note="x" * 4000), ANN))
    assert {found.id for found in scenarios.all()} == {found.id for found in saved}
    store.close()


def test_a_locked_database_is_waited_for_and_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast_core.store.engine.WAIT_SECONDS", 0.2)
    scenarios = Scenarios(Store.at(tmp_path))
    scenarios.add("A", content(), ANN)
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="did not finish in time.*Try again"):
        scenarios.add("B", content(), ANN)
    assert [found.name for found in scenarios.all()] == ["A"], "reading does not wait for a writer"
    other.execute("COMMIT")
    other.close()
    assert scenarios.add("B", content(), ANN).name == "B"


def test_a_database_that_may_only_be_read_is_read_and_says_so(tmp_path: Path) -> None:
    scenarios = Scenarios(Store.at(tmp_path))
    scenarios.add("A", content(), ANN)
    place = f"file:{tmp_path}/store.db?mode=ro&uri=true"
    store = Store.at(tmp_path, f"sqlite:///{place}")
    assert [found.name for found in Scenarios(store).all()] == ["A"]
    with pytest.raises(StoreError, match="may be read but not written"):
        Scenarios(store).add("B", content(), ANN)


# ── backup ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def filled(scenarios: Scenarios) -> str:
    kept = scenarios.add("Ä – 1", content(), ANN)
    scenarios.save(kept.id, 1, content("b" * 12), BOB)
    scenarios.decide(kept.id, 2, 1, BOB)
    scenarios.say(kept.id, 2, "Good.", BOB)
    return kept.id


def test_a_backup_brings_everything_back_into_either_database(
    scenarios: Scenarios, store: Store, tmp_path: Path, postgres_url: Callable[[], str]
) -> None:
    identity = filled(scenarios)
    made = back_up(store, tmp_path / "store.zip", NOON.isoformat())
    filled_rows = {name: rows for name, rows in made.rows.items() if rows}
    assert filled_rows == {"scenario": 1, "scenario_version": 2, "scenario_comment": 1}
    for url in ("", postgres_url()):
        other = Store.at(tmp_path / "other", url)
        assert restore(other, tmp_path / "store.zip") == made
        there = Scenarios(other)
        assert there.get(identity) == scenarios.get(identity)
        assert there.versions(identity) == scenarios.versions(identity)
        assert there.comments(identity) == scenarios.comments(identity)
        there.say(identity, 2, "Numbers go on.", ANN)
        other.close()


def test_restoring_over_something_must_be_asked_for(scenarios: Scenarios, store: Store, tmp_path: Path) -> None:
    identity = filled(scenarios)
    back_up(store, tmp_path / "store.zip", NOON.isoformat())
    later = scenarios.add("later", content(), ANN)
    with pytest.raises(StoreError, match="something in this database already"):
        restore(store, tmp_path / "store.zip")
    assert scenarios.get(later.id).name == "later"
    restore(store, tmp_path / "store.zip", replace=True)
    assert [found.id for found in scenarios.all()] == [identity]


def test_a_damaged_backup_changes_nothing(scenarios: Scenarios, store: Store, tmp_path: Path) -> None:
    identity, backup = filled(scenarios), tmp_path / "store.zip"
    back_up(store, backup, NOON.isoformat())
    backup.write_bytes(backup.read_bytes()[:-200])
    with pytest.raises(SourceError, match="not a backup of this product, or is damaged"):
        restore(store, backup, replace=True)
    with pytest.raises(SourceError, match="cannot be written"):
        back_up(store, tmp_path / "nowhere" / "store.zip", NOON.isoformat())
    assert scenarios.get(identity).name == "Ä – 1"


def test_tables_go_up_and_down_and_up(store: Store) -> None:
    scenarios = Scenarios(store)
    filled(scenarios)
    with store.transaction() as connection:
        migrate.downgrade(connection)
        assert not migrate.is_current(connection)
        migrate.upgrade(connection)
    assert scenarios.all() == ()
    assert filled(scenarios)
