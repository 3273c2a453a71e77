"""DuckDB inside this process: files of any size on this machine, and lists as they are read, in bounded memory.

In:    Parquet or CSV files, a folder of them, or a pattern; batches of rows.
Out:   `Relation`; the rows of a query.
Never: takes more memory than it was given: what does not fit goes to a folder that is deleted; reads another file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import has_magic
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
from sqlglot import exp

from forecast_core.errors import SourceError
from forecast_core.sources.engines.answer import MOST_ROWS, few
from forecast_core.sources.engines.relation import Relation

MEMORY, THREADS = "128MB", 1  # a second thread is sooner done, but takes a tenth more CPU and 40 MB
READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".gz": "read_csv", ".tsv": "read_csv"}


class Duck:
    """An engine that reads files where they are."""

    dialect = "duckdb"
    where = "DuckDB"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def relation(self, name: str) -> Relation:
        """Return the files behind a path, a folder or a pattern; SourceError where there are none."""
        pattern = _pattern(name)
        reader = READERS[Path(pattern).suffix.lower()]
        arguments: list[exp.Expr] = [exp.Literal.string(pattern)]
        if reader == "read_csv":
            # as text: a cell that cannot be read is then NULL and counted, not guessed
            arguments.append(exp.EQ(this=exp.column("all_varchar"), expression=exp.true()))
        source = exp.Table(this=exp.Anonymous(this=reader, expressions=arguments))
        described = self.rows(f"DESCRIBE SELECT * FROM {source.sql(dialect=self.dialect)}")
        return Relation(
            source, dict(zip(described["column_name"], described["column_type"], strict=True)), Path(name).name
        )

    def rows(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query."""
        with explained():
            table = self.connection.sql(sql).limit(MOST_ROWS + 1).to_arrow_table()
        found = table.to_pandas(split_blocks=True, self_destruct=True)
        del table
        pa.default_memory_pool().release_unused()
        return few(found)


@contextmanager
def explained() -> Iterator[None]:
    """Say what is wrong with the data; what is wrong with our SQL is a fault of ours and stays one."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise SourceError("It needs more memory and disk than there is.", hint=_first_line(error)) from error
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise SourceError("The sizes are together more than 8 EiB.", hint="Are they bytes?") from error
    except duckdb.Error as error:
        raise SourceError(
            f"The files cannot be read: {_first_line(error)}", hint="Check that they are whole."
        ) from error


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:300]


@contextmanager
def duck(*, reads_files: bool = True) -> Iterator[Duck]:
    """Open an engine of our own; what it put aside on disk is deleted with it."""
    with tempfile.TemporaryDirectory(prefix="archive-forecast-") as aside:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": str(THREADS),
            "memory_limit": MEMORY,
            "temp_directory": aside,
            "preserve_insertion_order": "false",
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        with duckdb.connect(config=settings) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
            if not reads_files:
                connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield Duck(connection)


def _pattern(name: str) -> str:
    """Return the one pattern that names the files; a folder is every Parquet file in it, else every CSV file."""
    if has_magic(name):
        pattern, found = name, True
    else:
        path = Path(name)
        inside = [
            str(path / "**" / f"*{ending}") for ending in READERS if path.is_dir() and any(path.rglob(f"*{ending}"))
        ]
        pattern, found = (inside[0], True) if inside else (name, path.is_file())
    if not found or Path(pattern).suffix.lower() not in READERS:
        raise SourceError(
            f"{name} holds no file that DuckDB can read.", allowed=f"files or folders of {', '.join(READERS)}"
        )
    return pattern
