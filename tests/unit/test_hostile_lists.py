"""Files that mean harm, or are broken: a clear message or rows set aside, in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core.errors import ForecastError, SourceError
from forecast_core.inventory import InventoryReading, is_inventory, read_inventory
from forecast_core.sources import Limits
from forecast_core.sources.listing import Upload
from tests.unit.listings.samples import SAMPLES, azure_parquet, s3_parquet

NOW = np.datetime64("2026-11", "M")
HEAD = b"Path,Size,Modified\n"
GOOD = b"sound.pdf,7,2026-01-01\n"


def read(data: bytes) -> InventoryReading:
    return read_inventory(Upload("list.csv", data), NOW, limits=Limits(max_bytes=64 << 20))


def exact(found: InventoryReading) -> None:
    assert found.rows_in == found.rows_used + found.rows_set_aside
    assert found.bytes_used <= found.bytes_in
    if found.inventory is not None:
        cube = found.inventory.modified.last
        assert found.bytes_used == cube.total_bytes
        assert not found.is_file_list or found.rows_used == cube.total_files


def bomb_gzip() -> bytes:
    return gzip.compress(HEAD + b"a,1,2026-01-01\n" * 6_000_000, 9)


def bomb_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.csv", "w") as member:
        member.write(HEAD)
        for _ in range(100):
            member.write(b"\0" * (1 << 20))
    return stream.getvalue()


def parquet_of_structs() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"Path": [{"a": 1}], "Size": [1], "Modified": ["2026-01-01"]}), stream)
    return stream.getvalue()


def parquet_with_a_damaged_page() -> bytes:
    """Return what fuzzing found: the length of the second page is one too many."""
    data = bytearray(s3_parquet())
    data[data.index(b"2024/c.JPG") - 4] += 1
    return bytes(data)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "gzip bomb": (bomb_gzip, "unpacks to more than"),
    "zip bomb": (bomb_zip, "unpacks to more than|more than 8 MB"),
    "a million columns": (lambda: b",".join(b"c%d" % at for at in range(1_000_000)), "columns|header|split"),
    "a million empty columns": (lambda: b"," * 1_000_000, "columns|values|header|split"),
    "a row without an end": (lambda: HEAD + GOOD + b'"' + b"x" * (17 << 20), "more than 8 MB"),
    "only a row without an end": (lambda: HEAD + b'"' + b"x" * (17 << 20), "no row|more than 8 MB"),
    "truncated gzip": (lambda: gzip.compress(HEAD + GOOD * 9)[:-9], "damaged or ends too early"),
    "truncated Parquet": (lambda: azure_parquet()[:-40], "damaged or not complete"),
    "Parquet of structs": (parquet_of_structs, "no path, size or date"),
    "a page of Parquet with another length": (parquet_with_a_damaged_page, "cannot be read to its end"),
    "truncated workbook": (lambda: SAMPLES[11].data[:-200], "damaged"),
    "a header without rows": (lambda: HEAD, "no row"),
    "zero bytes": (lambda: HEAD + b"a\0b,1,2026-01-01\n", "zero"),
    "two files in a ZIP": (lambda: zip_of("a.csv", "b.csv"), "2 files"),
}


def zip_of(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, HEAD + GOOD)
    return stream.getvalue()


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_it_is_refused_with_a_reason(case: str) -> None:
    make, reason = REFUSED[case]
    with pytest.raises(SourceError, match=reason):
        read(make())


# left at once: a reader of Arrow that was broken off may still read ahead when Python ends
BOUNDED = """
import os, resource, sys
from pathlib import Path
from forecast_core.errors import SourceError
from forecast_core.inventory import read_inventory
from forecast_core.sources.listing import place_of
from tests.unit.test_hostile_lists import GOOD, HEAD, NOW, read
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
read(HEAD + GOOD)
for path in sorted(Path(sys.argv[1]).iterdir()):
    before = peak()
    try:
        read_inventory(place_of(str(path)), NOW)
    except SourceError:
        print(f"{peak() - before:.0f}", path.name)
sys.stdout.flush()
os._exit(0)
"""
MOST_MB = 200


def test_what_is_refused_takes_little_memory(tmp_path: Path) -> None:
    """More than a sound list takes, in a process of its own; a bomb unpacks to 100 MB, a cell has 17."""
    for case, (make, _) in REFUSED.items():
        (tmp_path / case).write_bytes(make())
    command = [sys.executable, "-c", BOUNDED, tmp_path]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    grown = {case: int(more) for more, case in (line.split(" ", 1) for line in done.stdout.splitlines())}
    assert set(grown) == set(REFUSED)
    assert sum(grown.values()) <= MOST_MB, grown


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"a.pdf,9223372036854775808,2026-01-01", "size_unreadable"),
        (b"a.pdf,18446744073709551617,2026-01-01", "size_unreadable"),
        (b"a.pdf,1e3,2026-01-01", "size_unreadable"),
        (b"a.pdf,NaN,2026-01-01", "size_unreadable"),
        (b"a.pdf,=1+1,2026-01-01", "size_unreadable"),
        (b"a.pdf,1,=HYPERLINK(1)", "modified_unreadable"),
        (b"a.pdf,1,0001-01-01", "modified_impossible"),
        (b"a.pdf,1,9999-12-31T23:59:59Z", "modified_impossible"),
        (b"a.pdf,1,99999999999999", "modified_impossible"),
        (b"a.pdf,1,2026-13-01", "modified_unreadable"),
        (b"a.pdf,1,2026-01-01'); DROP TABLE judged; --", "modified_unreadable"),
        (b"x" * 1_000_000 + b",1,2026-01-01", "path_too_long"),
        (b"a.pdf,1,2026-01-01,more,cells", "row_misfit"),
    ],
)
def test_a_row_that_means_harm_is_set_aside_and_named(row: bytes, code: str) -> None:
    found = read(HEAD + GOOD + row + b"\n")
    assert (found.rows_in, found.rows_used) == (2, 1)
    assert code in {issue.code for issue in found.issues}
    exact(found)


def test_paths_are_never_followed_and_unicode_does_no_harm() -> None:
    names = ["../../etc/passwd", "a\u202egpj.exe", "İ.PDF", "ﬁle.ﬀ", "\u0000".strip("\0") + "x" * 300, "C:\\..\\x.pdf"]
    found = read(HEAD + "".join(f"{name},1,2026-01-01\n" for name in names).encode())
    assert found.rows_used == len(names)
    assert found.inventory is not None
    assert "etc" not in found.inventory.frame().to_csv()


def test_text_that_changes_its_encoding_half_way_is_read_as_windows_text() -> None:
    rows = b"".join(b"dir/f%d.pdf,1,2026-01-01\n" % at for at in range(30_000))
    found = read(HEAD + rows + b"M\xfcller.pdf,5,2026-01-01\n")
    assert (found.rows_used, found.bytes_used) == (30_001, 30_005)
    assert "encoding" in {issue.code for issue in found.issues}


def test_sizes_beyond_all_counting_are_refused_not_wrapped() -> None:
    with pytest.raises(SourceError, match="more than 8 EiB"):
        read(HEAD + b"a.pdf,999999999999999999,2026-01-01\n" * 12)


def test_a_workbook_with_links_to_elsewhere_is_only_a_table() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Path", "Size", "Modified"],
        ["a.pdf", "='http://evil/[x.xlsx]S'!A1", "2026-01-01"],
        ["b", 5, "2026-01-01"],
    ):
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = read(stream.getvalue())
    assert (found.rows_used, found.bytes_used) == (1, 5)


class Broken(Upload):
    """A connection that is lost half-way."""

    def open(self) -> io.BytesIO:
        class Lost(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                if self.tell() > 1 << 20:
                    raise OSError("connection reset by peer")
                return super().read(size)

        return Lost(self.data)


def test_a_connection_lost_half_way_leaves_nothing_half_read() -> None:
    with pytest.raises(SourceError, match="connection reset by peer"):
        read_inventory(Broken("list.csv", HEAD + GOOD * 200_000), NOW)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["1", "-1", "1.5 GB", "1,024", "2026-01-01", "13/01/2026", "1/13/2026 1:00 PM", "1700000000.5", ""]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
    st.datetimes().map(str),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_whatever_stands_below_a_header_is_counted_or_set_aside(rows: list[tuple[str, str, str]], mark: str) -> None:
    quoted = [mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\n".join([mark.join(("Path", "Size", "Modified")), *quoted]) + "\n"
    attempt(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8), st.floats(0, 1))
def test_damaged_exports(sample: object, flips: list[tuple[float, int]], cut: float) -> None:
    data = bytearray(sample.data)  # type: ignore[attr-defined]
    for at, value in flips:
        data[int(at * (len(data) - 1))] = value
    attempt(bytes(data[: int(cut * len(data)) or None]))


def attempt(data: bytes) -> None:
    try:
        if is_inventory(Upload("list", data)):
            exact(read(data))
    except ForecastError as error:
        assert error.what
