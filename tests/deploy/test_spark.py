"""The same SQL on Spark: every cell of a history and a cube as DuckDB gives it, and the command on `local[2]`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forecast_core import Service
from tests.archive_log_rows import edges, file_list, generated, runs
from tests.builders import NEXT
from tests.deploy.tools import ROOT, TOOLS, is_here

PYSPARK = ("pyspark==4.3.0", "py4j==0.10.9.9")
COMPARE = """
import sys
import pandas as pd
from forecast_core.sources.engines.duck import duck
from forecast_core.sources.engines.spark import spark
from tests.unit.test_engines import cube_of, history_of, runs_of
folder = sys.argv[1]
with spark() as there, duck() as here:
    for name in ("edges", "generated"):
        tables = [f"{folder}/{name}_{part}.parquet" for part in ("archived", "deleted")]
        pd.testing.assert_frame_equal(history_of(there, *tables), history_of(here, *tables), check_exact=True)
        files = f"{folder}/{name}_files.parquet"
        pd.testing.assert_frame_equal(cube_of(there, files), cube_of(here, files), check_exact=True)
        print(name, "equal")
    both = [runs_of(engine, f"{folder}/runs.parquet") for engine in (there, here)]
    pd.testing.assert_frame_equal(*both, check_exact=True)
"""


@pytest.fixture(scope="module")
def cluster() -> dict[str, str]:
    """Return the environment of a node: PySpark beside the app's libraries, as a cluster brings it."""
    if not is_here("java"):
        pytest.fail("needs Java 17: apt-get install openjdk-17-jre-headless")
    folder = TOOLS / "pyspark"
    if not folder.exists():
        wanted = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, *PYSPARK]
        subprocess.run(wanted, check=True)
    more = {"PYTHONPATH": f"{folder}:{ROOT}", "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return {**os.environ, **more, "MASTER": "local[2]", "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    for name, (archived, deleted) in {"edges": edges(), "generated": generated(20_000)}.items():
        archived.to_parquet(folder / f"{name}_archived.parquet")
        deleted.to_parquet(folder / f"{name}_deleted.parquet")
        file_list(archived).to_parquet(folder / f"{name}_files.parquet")
    runs().to_parquet(folder / "runs.parquet")
    return folder


def test_spark_and_duckdb_agree_on_every_cell(cluster: dict[str, str], logs: Path) -> None:
    command = [sys.executable, "-c", COMPARE, str(logs)]
    found = subprocess.run(command, cwd=ROOT, env=cluster, capture_output=True, text=True, check=False)
    assert found.stdout.split() == ["edges", "equal", "generated", "equal"], found.stderr[-2000:]


@pytest.mark.parametrize(
    "what", [["generated_archived.parquet", "--deleted", "generated_deleted.parquet"], ["generated_files.parquet"]]
)
def test_the_command_keeps_the_same_data_set_on_a_cluster_and_here(
    cluster: dict[str, str], logs: Path, tmp_path: Path, what: list[str]
) -> None:
    sources = [str(logs / part) if part.endswith(".parquet") else part for part in what]
    program = TOOLS / "pyspark" / "bin" / "spark-submit"
    submit = [program, "--master", "local[2]", ROOT / "app" / "cli" / "__main__.py"]
    kept = {}
    for engine, start in {"spark": submit, "duckdb": [sys.executable, "-m", "app.cli"]}.items():
        command = [*start, "ingest", *sources, "--engine", engine, "--json"]
        env = {**cluster, "ARCHIVE_FORECAST_DATA_DIR": str(tmp_path / engine)}
        found = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr[-2000:]
        kept[engine] = json.loads(found.stdout.splitlines()[-1])["dataset"]
        origin = Service(tmp_path / engine, NEXT).dataset(kept[engine]).info.origin
        assert origin.endswith("Spark 4.3.0" if engine == "spark" else "DuckDB")
    assert kept["spark"] == kept["duckdb"], "the same content has the same id, whoever counted it"
