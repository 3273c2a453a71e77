"""One SQL text gives one answer, whichever engine runs it: DuckDB and PostgreSQL here, Spark in `tests/deploy`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine

from forecast_core.schema import FILE_LIST, file_type, size_class
from forecast_core.sources.archive_jobs import jobs_sql
from forecast_core.sources.archive_log import Log, history_sql
from forecast_core.sources.engines import CUBE, Engine, statement
from forecast_core.sources.engines.database import database
from forecast_core.sources.engines.duck import duck
from tests.archive_log_rows import TIB, edges, file_list, generated, runs
from tests.databases import postgres, postgres_tools

HISTORY_KEYS, CUBE_KEYS = (
    ["tenant", "site", "month"],
    ["aside", "scope", "file_type", "size_class", "version", "modified_month"],
)


def history_of(engine: Engine, archived: str, deleted: str) -> pd.DataFrame:
    log = Log(engine.relation(archived), engine.relation(deleted))
    return in_order(engine.rows(history_sql(engine.dialect, log)), HISTORY_KEYS)


def cube_of(engine: Engine, name: str) -> pd.DataFrame:
    bound = engine.relation(name).bound(FILE_LIST, engine.dialect)
    return in_order(engine.rows(statement(CUBE, {FILE_LIST.name: bound}, engine.dialect, latest=202711)), CUBE_KEYS)


def runs_of(engine: Engine, name: str) -> pd.DataFrame:
    return in_order(engine.rows(jobs_sql(engine.dialect, engine.relation(name))), ["state", "month"])


def in_order(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return rows that can be compared cell by cell: whole numbers as such, ratios to the last bit."""
    ratios = [name for name in found if str(name).endswith("_gb")]
    texts = ["tenant", "site", "scope", "file_type", "tier", "aside", "state"]
    kinds = {name: "float64" if name in ratios else "object" if name in texts else "Int64" for name in found}
    plain = (
        found.astype(kinds)
        .where(found.notna(), None)
        .astype({name: kinds[name] for name in found if name not in texts})
    )
    return plain.sort_values(keys, na_position="first", ignore_index=True)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the rows at the edges and a generated log, as Parquet."""
    folder = tmp_path_factory.mktemp("logs")
    for name, (archived, deleted) in {"edges": edges(), "generated": generated(20_000)}.items():
        archived.to_parquet(folder / f"{name}_archived.parquet")
        deleted.to_parquet(folder / f"{name}_deleted.parquet")
        file_list(archived).to_parquet(folder / f"{name}_files.parquet")
    runs().to_parquet(folder / "runs.parquet")
    return folder


@pytest.fixture(scope="module")
def server(logs: Path, in_ci: bool) -> Iterator[str]:
    """Return the address of a real PostgreSQL that holds the same tables under the names they really have."""
    tools = postgres_tools()
    if tools is None:
        (pytest.fail if in_ci else pytest.skip)("needs the programs of a PostgreSQL server")
    with postgres(tools) as fresh:
        url = fresh()
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        for path in logs.glob("*.parquet"):
            pd.read_parquet(path).to_sql(path.stem, engine, index=False)
        engine.dispose()
        yield url


@pytest.mark.parametrize("name", ["edges", "generated"])
def test_duckdb_and_postgresql_agree_on_every_cell_of_a_history(logs: Path, server: str, name: str) -> None:
    with duck() as here, database(server) as there:
        one = history_of(here, *(str(logs / f"{name}_{part}.parquet") for part in ("archived", "deleted")))
        other = history_of(there, f"{name}_archived", f"{name}_deleted")
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize("name", ["edges", "generated"])
def test_duckdb_and_postgresql_agree_on_every_cell_of_a_cube(logs: Path, server: str, name: str) -> None:
    with duck() as here, database(server) as there:
        one, other = cube_of(here, str(logs / f"{name}_files.parquet")), cube_of(there, f"{name}_files")
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_duckdb_and_postgresql_agree_on_the_runs_of_an_archiver(logs: Path, server: str) -> None:
    with duck() as here, database(server) as there:
        one, other = runs_of(here, str(logs / "runs.parquet")), runs_of(there, "runs")
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert int(one["runs"].sum()) == 6
    assert one.set_index(["state", "month"])["runs"].to_dict()[("Completed", 202401)] == 1, "the last microsecond"


def test_the_cube_is_what_the_file_list_says(logs: Path) -> None:
    """Files, bytes, types and size classes as counted one by one here; what goes in comes out, to the byte."""
    files = pd.read_parquet(logs / "edges_files.parquet")
    with duck() as here:
        cube = cube_of(here, str(logs / "edges_files.parquet"))
    sized = files["size"].where(files["size"] >= 0)
    assert (int(cube["files"].sum()), int(cube["bytes"].sum())) == (len(files), int(sized.sum()))
    folders = files["path"].fillna("").str.endswith("/")
    assert int(cube["files"][cube["aside"] == "folders"].sum()) == folders.sum() == 1
    assert int(cube["files"][cube["aside"] == "size"].sum()) == int(sized.isna().sum())
    counted = files[~folders]
    types = counted["path"].fillna("").map(file_type)
    told = cube.groupby("file_type")["files"].sum().to_dict()
    assert told == types.value_counts().to_dict()
    known = counted[counted["size"] >= 0]
    classes = known["size"].map(lambda size: size_class(int(size))).value_counts().to_dict()
    placed = cube[cube["size_class"].notna() & cube["file_type"].notna()]
    assert placed.groupby("size_class")["files"].sum().to_dict() == classes


def test_what_is_freed_counts_once_and_only_after_archiving(logs: Path) -> None:
    with duck() as here:
        found = history_of(here, str(logs / "edges_archived.parquet"), str(logs / "edges_deleted.parquet"))
    at = found.set_index(["site", "month"])
    site_a = at.loc[("A", 202401)]
    assert (site_a["files_freed"], site_a["bytes_freed"]) == (2, 1000), (
        "three deletions of one file; one without a size"
    )
    assert at.loc[("A", 202403), "bytes_freed"] == TIB, "a deletion without a size frees the original"
    assert at.loc[("B", 202402), "bytes_freed"] == 300, "archived twice, freed once: at the last archiving"
    assert (at.loc[("B", 202401), "files_freed"], at.loc[("B", 202401), "bytes_freed"]) == (1, 900), "the smaller size"
    undated = found[found["month"].isna()]
    assert (int(undated["entries"].sum()), int(undated["files_archived"].sum())) == (2, 1), "one failed, one undated"
    assert at.loc[("A", 202403), "files_archived"] == 2, "the last microsecond of a month belongs to it"


def test_a_plain_join_would_count_twice(logs: Path) -> None:
    archived, deleted = (pd.read_parquet(logs / f"generated_{part}.parquet") for part in ("archived", "deleted"))
    taken = archived[archived["State"] == "Archived"]
    joined = taken.merge(deleted, on=["UniqueId", "SiteId", "TenantId"], how="left")
    with duck() as here:
        found = history_of(here, str(logs / "generated_archived.parquet"), str(logs / "generated_deleted.parquet"))
    assert len(joined) > len(taken) == int(found["files_archived"].sum())
    once = taken.merge(deleted.drop_duplicates("UniqueId")[["UniqueId"]], on="UniqueId")
    assert int(found["files_freed"].sum()) == len(once)
    assert int(found["bytes_freed"].sum()) == int(once["Size"].sum())
