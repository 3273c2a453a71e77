"""An archive log where it is: a real PostgreSQL that holds it, asked read-only and in time; files of any size here."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import psycopg
import pytest
from sqlalchemy import create_engine, text

from app.cli import main
from forecast_core import Reading, Service, Settings
from forecast_core.errors import NotFoundError, SourceError
from forecast_core.inventory import InventoryReading
from forecast_core.schema import ARCHIVED_FILE
from forecast_core.service.connections import Connections, LogPlace
from forecast_core.sources.engines.database import database
from tests.archive_log_rows import edges, file_list, generated, runs
from tests.databases import postgres, postgres_tools

TODAY = np.datetime64("2026-11", "M")
SECRET = "s3cret-word"


@pytest.fixture(scope="module")
def fresh(in_ci: bool) -> Iterator[Callable[[], str]]:
    tools = postgres_tools()
    if tools is None:
        (pytest.fail if in_ci else pytest.skip)("needs the programs of a PostgreSQL server")
    with postgres(tools) as made:
        yield made


@pytest.fixture(scope="module")
def log_url(fresh: Callable[[], str]) -> str:
    """Return the address of a database with an archive log, under the names of its own tables."""
    url = fresh()
    archived, deleted = generated(6_000)
    with_sqlalchemy(url, archived.to_sql, "ArchivedFile")
    with_sqlalchemy(url, deleted.to_sql, "DeletedFile")
    return url


def with_sqlalchemy(url: str, do: Callable[..., object], name: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    do(name, engine, index=False)
    engine.dispose()


def said(reading: Reading | InventoryReading) -> set[str]:
    return {issue.code for issue in reading.issues}


def test_a_log_becomes_a_history_that_answers(log_url: str, tmp_path: Path) -> None:
    settings = Settings.load({"ARCHIVE_FORECAST_DATA_DIR": str(tmp_path), "ARCHIVE_FORECAST_ARCHIVE_LOG_URL": log_url})
    service = Service.of(settings, TODAY)
    assert service.connections.archive_log.startswith("PostgreSQL, t")
    reading = service.connections.read_log()
    assert isinstance(reading, Reading)
    assert not reading.blocked
    assert {"log_state", "log_stock_unknown", "log_running_month"} <= said(reading)
    assert reading.history is not None
    archived, deleted = generated(6_000)
    taken = archived[archived["State"] == "Archived"]
    frame = reading.history.frame
    assert frame["files_archived"].sum() == len(taken[taken["ArchivedAt"] < "2026-11"])
    assert frame["archived_gb"].sum() == pytest.approx(taken["Size"][taken["ArchivedAt"] < "2026-11"].sum() / 2**30)
    assert (frame["savings_gb"].dropna() <= frame["archived_gb"][frame["savings_gb"].notna()]).all()
    assert reading.history.frequency_is_observed
    info = service.accept(reading, "2026-11-02T12:00:00+00:00")
    assert info.origin.startswith("Archive log: PostgreSQL, t")
    assert len(info.scopes) == 12
    assert service.forecast(info.id, info.scopes[0], 12).provenance.dataset_name == "Archive log ArchivedFile"


def test_by_tenant_there_is_one_scope(log_url: str) -> None:
    reading = Connections(LogPlace(log_url), TODAY).read_log("tenant")
    assert reading.history is not None
    assert reading.history.scopes == ("contoso",)


def test_a_session_may_not_write(log_url: str) -> None:
    with database(log_url) as engine, pytest.raises(SourceError, match="read-only transaction"):
        engine.rows('DELETE FROM "ArchivedFile"')
    with database(log_url) as engine:
        assert int(engine.rows('SELECT COUNT(*) AS n FROM "ArchivedFile"')["n"].iloc[0]) == 6_000


def test_a_statement_that_takes_too_long_is_stopped(log_url: str) -> None:
    with database(log_url, seconds=1) as engine, pytest.raises(SourceError, match="did not answer in time") as stopped:
        engine.rows("SELECT pg_sleep(30)")
    assert "ARCHIVE_LOG_SECONDS" in stopped.value.hint


SLOW_LOG = """
    CREATE VIEW "ArchivedFile" AS
    SELECT 1 AS "Size", TIMESTAMP '2024-01-01' AS "ArchivedAt", pg_sleep(.05)::text AS "Filename"
    FROM generate_series(1, 2000)"""
READING = (
    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%WITH gone%' AND pid <> pg_backend_pid()"
)


def test_a_server_that_is_killed_while_it_counts_leaves_nothing_half_loaded(tmp_path: Path, in_ci: bool) -> None:
    tools = postgres_tools()
    if tools is None:
        (pytest.fail if in_ci else pytest.skip)("needs the programs of a PostgreSQL server")
    with postgres(tools) as made, ThreadPoolExecutor(1) as pool:
        url = made()
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(SLOW_LOG)
            service = Service(tmp_path, TODAY)
            before = service.datasets()
            asked = pool.submit(Connections(LogPlace(url), TODAY).read_log)
            while not (found := other.execute(READING).fetchone()):
                assert not asked.done(), "it is still counting"
            os.kill(found[0], signal.SIGKILL)
            with pytest.raises(SourceError, match="PostgreSQL, t.* refuses"):
                asked.result(60)
        assert service.datasets() == before


def test_months_without_a_run_and_runs_that_failed_are_told(fresh: Callable[[], str]) -> None:
    url = fresh()
    moments = pd.to_datetime(["2024-01-15", "2024-04-02", "2024-05-02"])
    with_sqlalchemy(url, pd.DataFrame({"Size": [1024] * 3, "ArchivedAt": moments}).to_sql, "ArchivedFile")
    with_sqlalchemy(url, runs().to_sql, "ArchiveJob")
    reading = Connections(LogPlace(url), TODAY).read_log()
    told = {issue.code: issue.what for issue in reading.issues}
    assert told["log_no_run"].startswith("The archiver did not run in 2024-03:")
    assert "2024-05" in told["log_runs_missing"]
    assert told["log_failed_runs"] == "2 of 5 runs failed, most in 2024-02 (1)."
    assert ("runs", "5, 1.7 a month in 3 months") in reading.how


def test_moments_with_a_zone_fall_into_months_of_utc(fresh: Callable[[], str]) -> None:
    url = fresh()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET TimeZone = 'Asia/Kolkata'"))
        connection.execute(text("CREATE TABLE archived_files (site_id int, size int, archived_on timestamptz)"))
        connection.execute(text("INSERT INTO archived_files VALUES (7, 1024, '2024-03-31 23:30:00+00')"))
    engine.dispose()
    reading = Connections(LogPlace(url), TODAY).read_log()
    assert reading.history is not None
    assert (str(reading.history.months[0]), reading.history.scopes) == ("2024-03", ("7",))
    assert reading.history.frame["savings_gb"].isna().all(), (
        "without a log of deletions nothing is known of what was freed"
    )


def test_what_is_wrong_is_said_without_the_login(log_url: str, fresh: Callable[[], str]) -> None:
    with pytest.raises(NotFoundError, match="No archive log is set up"):
        Connections(LogPlace(), TODAY).read_log()
    with pytest.raises(NotFoundError, match="has no archive log"):
        Connections(LogPlace(fresh()), TODAY).read_log()
    away = LogPlace(f"postgresql://reader:{SECRET}@localhost:1/archive")
    with pytest.raises(SourceError, match="PostgreSQL, archive on localhost refuses") as refused:
        Connections(away, TODAY).read_log()
    assert SECRET not in f"{refused.value}{away!r}"
    other_state = Connections(LogPlace(log_url, state="Done"), TODAY)
    with pytest.raises(SourceError, match="holds no archived file"):
        other_state.read_log()
    settings = Settings.load({"ARCHIVE_FORECAST_ARCHIVE_LOG_URL": away.url})
    assert SECRET not in repr(settings)


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    archived, deleted = edges()
    archived.drop(columns="SiteId").to_parquet(tmp_path / "a.parquet")
    deleted.to_parquet(tmp_path / "d.parquet")
    pd.DataFrame({"colour": ["red"]}).to_parquet(tmp_path / "c.parquet")
    ask = Connections(LogPlace(), TODAY).read_table
    with pytest.raises(SourceError, match="knows the site of a file and a.parquet does not"):
        ask("duckdb", str(tmp_path / "a.parquet"), str(tmp_path / "d.parquet"))
    with pytest.raises(SourceError, match="unique_id, deleted_at not found"):
        ask("duckdb", str(tmp_path / "a.parquet"), str(tmp_path / "c.parquet"))
    with pytest.raises(SourceError, match="neither a file list nor an archive log"):
        ask("duckdb", str(tmp_path / "c.parquet"))
    with pytest.raises(SourceError, match="holds no file that DuckDB can read"):
        ask("duckdb", str(tmp_path / "nothing.parquet"))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    generated(500)[0].to_parquet(tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:-900])
    with pytest.raises(SourceError, match="cannot be read"):
        Connections(LogPlace(), TODAY).read_table("duckdb", str(tmp_path / "cut.parquet"))


def test_edges_of_a_log_are_named(tmp_path: Path) -> None:
    for name, frame in zip(("a", "d"), edges(), strict=True):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    reading = Connections(LogPlace(), TODAY).read_table(
        "duckdb", str(tmp_path / "a.parquet"), str(tmp_path / "d.parquet")
    )
    assert {"log_state", "log_undated", "log_misdated", "log_unsized", "log_quiet"} <= said(reading)
    assert isinstance(reading, Reading)
    assert reading.history is not None
    assert str(reading.history.months[0]) == "2024-01", "a moment before 1990 was never set"
    assert reading.history.scopes == ("(none)", "A", "B")


def test_text_that_is_no_size_or_date_is_set_aside_and_counted(tmp_path: Path) -> None:
    rows = [
        "path,size,modified",
        "a.pdf,10,2024-01-02",
        "b.pdf,big,2024-01-02",
        "c.pdf,5,02.01.2024",
        "d/,0,2024-01-02",
    ]
    (tmp_path / "list.csv").write_text("\n".join(rows))
    reading = Connections(LogPlace(), TODAY).read_table("duckdb", str(tmp_path / "list.csv"))
    assert isinstance(reading, InventoryReading)
    assert (reading.rows_in, reading.rows_used, reading.rows_set_aside) == (4, 1, 3)
    assert (reading.bytes_in, reading.bytes_used) == (15, 10)
    assert [issue.what for issue in reading.issues] == [
        "modified cannot be read; set aside: 1 row.",
        "size cannot be read; set aside: 1 row.",
        "Folders: 1 row. Only files count.",
    ]


def test_a_file_list_is_the_same_inventory_counted_or_read(tmp_path: Path) -> None:
    """Counted by DuckDB or read cell by cell as an upload: the same cells."""
    files = file_list(generated(2_000)[0])
    files = files[files["scope"] != "edges"].assign(modified=lambda rows: rows["modified"].dt.strftime("%Y-%m-%d"))
    files.to_csv(tmp_path / "list.csv", index=False)
    service = Service(tmp_path / "data", TODAY)
    counted = service.connections.read_table("duckdb", str(tmp_path / "list.csv"))
    uploaded = service.inspect_inventory("list.csv", (tmp_path / "list.csv").read_bytes())
    assert isinstance(counted, InventoryReading)
    assert counted.inventory is not None and uploaded.inventory is not None
    keys = ["scope", "file_type", "size_class", "version", "modified_month"]
    one, other = (
        found.frame()[[*keys, "files", "bytes"]].sort_values(keys, ignore_index=True)
        for found in (counted.inventory, uploaded.inventory)
    )
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_the_command_reads_the_log_of_the_settings(
    log_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ARCHIVE_FORECAST_ARCHIVE_LOG_URL", log_url)
    kept = []
    for more in ([], ["ArchivedFile", "--deleted", "DeletedFile"]):
        assert main(["ingest", *more, "--engine", "database", "--name", "Estate", "--json"]) == 0
        kept.append(json.loads(capsys.readouterr().out)["dataset"])
    assert kept[0] == kept[1], "the tables found by their names are those that were named"
    assert Service(tmp_path, TODAY).dataset(kept[0]).info.name == "Estate"
    assert main(["ingest", "--engine", "duckdb"]) == 1
    assert "needs a source" in capsys.readouterr().err


def test_every_needed_column_is_known_by_the_name_the_queries_use() -> None:
    assert {item.name for item in ARCHIVED_FILE.columns if item.needed} == {"size", "archived_at"}
