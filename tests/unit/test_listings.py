"""Every export that is declared: recognised, understood, nothing lost."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from forecast_core.inventory import InventoryChoices, InventoryReading, read_inventory
from forecast_core.sources.listing import Upload, formats, listing_of, place_of
from tests.unit.listings.samples import SAMPLES, TREESIZE, Sample

NOW = np.datetime64("2026-11", "M")
CODES = {"size": "size_unreadable", "duplicate": "duplicates"}


def held(found: InventoryReading) -> Counter[tuple[str, str, int]]:
    assert found.inventory is not None, found.issues
    cells = found.inventory.modified.last.cells
    return Counter(
        {
            (str(cell.file_type), f"{cell.modified_month:%Y-%m}", int(cell.bytes)): int(cell.files)
            for cell in cells.itertuples()
        }
    )


def expected(sample: Sample) -> Counter[tuple[str, str, int]]:
    return Counter(sample.files)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_an_export_is_recognised_and_nothing_is_lost(sample: Sample) -> None:
    listing = listing_of(sample.upload)
    assert listing is not None and listing.form.name == sample.form
    found = read_inventory(sample.upload, NOW)
    assert held(found) == expected(sample)
    assert found.inventory is not None
    assert found.inventory.modified.last.scopes == sample.scopes
    aside = {issue.code: issue.rows for issue in found.issues}
    assert {CODES.get(reason, reason): rows for reason, rows in sample.aside.items()}.items() <= aside.items()
    assert found.rows_in == found.rows_used + sum(sample.aside.values())
    assert found.bytes_in - found.bytes_used == sample.bytes_aside
    assert found.bytes_used == sum(size for _, _, size in sample.files)


def test_every_declared_form_has_a_sample() -> None:
    assert {form.name for form in formats()} == {sample.form for sample in SAMPLES} - {"generic"}


@pytest.mark.parametrize("sample", SAMPLES[:1], ids=lambda sample: sample.name)
def test_versions_and_tiers_are_classes_of_their_own(sample: Sample) -> None:
    found = read_inventory(sample.upload, NOW)
    assert found.inventory is not None
    cells = found.inventory.modified.last.cells
    assert dict(zip(cells["bytes"], cells["version"], strict=True)) == {900: 1, 1000: 0, 5_000_000_000: 0}
    assert dict(zip(cells["bytes"], cells["tier"], strict=True)) == {900: "Hot", 1000: "Hot", 5_000_000_000: "Archive"}
    assert found.inventory.accessed is not None


def zipped(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("sample", [SAMPLES[0], SAMPLES[5], SAMPLES[7], SAMPLES[12]], ids=lambda sample: sample.name)
def test_packed_is_the_same(sample: Sample) -> None:
    for data in (gzip.compress(sample.data), zipped(sample.name, sample.data)):
        assert held(read_inventory(Upload("list.packed", data), NOW)) == expected(sample)


def test_an_undecided_order_of_dates_is_asked_and_the_answer_counts() -> None:
    text = TREESIZE.replace("03/22/2022", "03/02/2022").encode()
    asked = read_inventory(Upload("t.csv", text), NOW)
    assert asked.inventory is None and asked.asks_date_order
    assert {"no_rows", "date_order"} <= {issue.code for issue in asked.issues}
    for order, months in (("mdy", {"2022-03"}), ("dmy", {"2022-01", "2022-02"})):
        found = read_inventory(Upload("t.csv", text), NOW, InventoryChoices(date_order=order))
        assert {month for _, month, _ in held(found)} == months


def test_scopes_may_be_named_by_a_mapping() -> None:
    rows = (
        "Path,Size,Modified\nS:\\Team\\HR\\a,1,2024-01-01\nS:\\Team\\HR\\Pay\\b,2,2024-01-01\nS:/Else/c,4,2024-01-01\n"
    )
    mapping = (("S:/Team/HR", "People"), ("S:\\Team\\HR\\Pay", "Pay's"))
    found = read_inventory(Upload("l.csv", rows.encode()), NOW, InventoryChoices(mapping=mapping))
    assert found.inventory is not None
    cells = found.inventory.modified.last.cells
    assert dict(zip(cells["scope"], cells["bytes"], strict=True)) == {"People": 1, "Pay's": 2, "Files": 4}
    assert "Team" not in str(found.choices.to_json())


def test_rows_that_fit_no_header_are_counted() -> None:
    rows = "Path,Size,Modified\na,1,2024-01-01\nb,c,2,2024-01-01\nd\n"
    found = read_inventory(Upload("l.csv", rows.encode()), NOW)
    assert (found.rows_in, found.rows_used, found.rows_set_aside) == (3, 1, 2)
    assert next(issue.rows for issue in found.issues if issue.code == "row_misfit") == 2


def test_the_size_class_is_exact_around_every_power_of_two() -> None:
    sizes = sorted({max(2**power + step, 0) for power in range(60) for step in (-1, 0, 1)})
    rows = "Path,Size,Modified\n" + "".join(f"f{size},{size},2024-01-01\n" for size in sizes if size < 10**18)
    found = read_inventory(Upload("l.csv", rows.encode()), NOW)
    assert found.inventory is not None
    cells = found.inventory.modified.last.cells
    counted = Counter({int(cell.size_class): int(cell.files) for cell in cells.itertuples()})
    assert counted == Counter(size.bit_length() - 1 for size in sizes if size < 10**18)


def test_real_lists_from_a_disk_are_the_same_as_uploaded(real_data: Path) -> None:
    for path in sorted((real_data / "debian_docs").glob("*_inventory.csv"))[:1]:
        first = read_inventory(place_of(str(path)), NOW)
        second = read_inventory(Upload(path.name, path.read_bytes()), NOW)
        assert first.content_id == second.content_id
        assert first.inventory is not None and 0 < first.inventory.contents.compressed_ratio < 1
