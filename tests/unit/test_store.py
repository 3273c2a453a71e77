"""The store's foundation: all or nothing, up and down, and an explanation for every refusal."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import StatementError

from forecast_core.errors import StoreError
from forecast_core.store import Store, metadata, migrate
from forecast_core.store.engine import address
from forecast_core.store.mounts import network_drive
from forecast_core.store.scenario_tables import scenario

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def row(identity: str, at: datetime = NOON) -> dict[str, object]:
    return {
        "id": identity, "name": "Twice as often", "dataset_id": "demo", "scope": "ALL", "current": 1, "edition": 1,
        "created_at": at, "created_by": "Ann", "changed_at": at, "changed_by": "Ann",
    }  # fmt: skip


def count(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(scenario)).scalar_one())


def test_what_is_saved_is_there_for_the_next_process(tmp_path: Path) -> None:
    here = timezone(timedelta(hours=2))
    with Store.at(tmp_path / "new").transaction() as connection:
        connection.execute(insert(scenario), row("a", datetime(2026, 11, 2, 14, 0, tzinfo=here)))
    with Store.at(tmp_path / "new").reading() as connection:
        assert connection.execute(select(scenario.c.created_at)).scalar_one() == NOON
        assert connection.execute(select(scenario.c.created_at)).scalar_one().tzinfo is UTC
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_a_moment_without_a_zone_is_refused(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    with pytest.raises(StatementError, match="has no time zone"), store.transaction() as connection:
        connection.execute(insert(scenario), row("a", NOON.replace(tzinfo=None)))
    assert count(store) == 0


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    with pytest.raises(RuntimeError, match="halfway"), store.transaction() as connection:
        connection.execute(insert(scenario), row("a"))
        raise RuntimeError("halfway")
    assert count(store) == 0


def test_migrations_make_what_the_tables_declare_and_go_back(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    for _ in range(2):
        with store.transaction() as connection:
            migrate.upgrade(connection)
        with store.reading() as connection:
            assert migrate.is_current(connection)
            context = MigrationContext.configure(connection, opts={"version_table": migrate.VERSION_TABLE})
            assert compare_metadata(context, metadata) == []
        with store.transaction() as connection:
            migrate.downgrade(connection)
        with store.reading() as connection:
            assert inspect(connection).get_table_names() == [migrate.VERSION_TABLE]


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    with Store.at(tmp_path).transaction() as connection:
        connection.execute(text(f"INSERT INTO {migrate.VERSION_TABLE} VALUES ('scenarios_9999')"))
    with pytest.raises(StoreError, match="newer release"), Store.at(tmp_path).reading():
        pass


MOUNTS = """\
/dev/vda / ext4 rw 0 0
//files/share /srv/team\\040data cifs rw 0 0
host:/export /home nfs4 rw 0 0
blobfuse2 /mnt/blob fuse.blobfuse2 rw 0 0
tmpfs /home/local tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/store.db", ""),
        ("/srv/team data/app/store.db", "cifs"),
        ("/home/store.db", "nfs4"),
        ("/home/local/store.db", ""),
        ("/mnt/blob/store.db", "fuse.blobfuse2"),
    ],
)
def test_a_network_drive_is_known_by_its_mount(tmp_path: Path, place: str, kind: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(MOUNTS)
    assert network_drive(Path(place), table) == kind


def test_sqlite_on_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"//files/share {tmp_path.resolve()} cifs rw 0 0\n")
    monkeypatch.setattr("forecast_core.store.engine.network_drive", lambda place: network_drive(place, table))
    with pytest.raises(StoreError, match=r"network drive \(cifs\).*ARCHIVE_FORECAST_DATABASE_URL"):
        count(Store.at(tmp_path))


def test_an_address_is_sqlite_or_postgresql(tmp_path: Path) -> None:
    assert str(address(tmp_path)) == f"sqlite:///{tmp_path}/store.db"
    assert address(tmp_path, "postgres://h/n").drivername == "postgresql+psycopg"
    for wrong in ("mysql://h/n", "sqlite://", "nonsense"):
        with pytest.raises(StoreError, match="Allowed: sqlite:"):
            address(tmp_path, wrong)


def test_a_server_that_is_not_there_is_named_in_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    store = Store.at(Path(), "postgresql://ann:geheim@127.0.0.1:1/none")
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        count(store)
    assert "127.0.0.1" not in str(caught.value) and "ann:" not in str(caught.value)
    assert "ann:***@127.0.0.1" in caplog.text and "geheim" not in caplog.text


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("this is a letter, not a database, and long enough to be read as one" * 20)
    with pytest.raises(StoreError, match="damaged or is not a database"):
        count(Store.at(tmp_path))


def _start_and_write(folder: Path, name: str) -> None:
    with Store.at(folder).transaction() as connection:
        connection.execute(insert(scenario), row(name))


def test_processes_that_start_at_once_share_one_migration(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["forecast_core.store"])  # imported once, not once a process
    starting = [context.Process(target=_start_and_write, args=(tmp_path, f"p{n}")) for n in range(4)]
    for process in starting:
        process.start()
    for process in starting:
        process.join()
    assert [process.exitcode for process in starting] == [0, 0, 0, 0]
    assert count(Store.at(tmp_path)) == 4
