"""File lists and tables of cells, read with every fault named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast_core.inventory import (
    AgeCube,
    Inventory,
    InventoryChoices,
    InventoryReading,
    is_inventory,
    read_inventory,
)
from forecast_core.sources.listing import Upload, place_of

NOW = np.datetime64("2026-11", "M")
LIST = """Path,Size,Modified,LastAccessTime,Site,ContentId,Version
a/report.pdf,1000,2026-10-03T09:00:33Z,2026-10-09,HR,x,0
a/copy.pdf,1000,2026-10-04,2026-10-09,HR,x,1
b/table.xlsx,"2,048",2025-01-31 23:59:59,2025-02-01,IT,y,
b/empty,0,2025/02/01,,IT,,
"""


def upload(text: str) -> Upload:
    return Upload("list.csv", text.encode())


def read(text: str, **said: object) -> InventoryReading:
    return read_inventory(upload(text), NOW, InventoryChoices(**said))  # type: ignore[arg-type]


def used(found: InventoryReading) -> Inventory:
    assert found.inventory is not None
    return found.inventory


def test_a_file_list_becomes_cells_and_no_name_is_left() -> None:
    found = read(LIST)
    cube = used(found).modified.last
    assert (found.rows_in, found.rows_used, found.rows_set_aside) == (4, 4, 0)
    assert [issue.code for issue in found.issues] == ["accessed_unknown"]
    assert (cube.total_files, cube.total_bytes, str(cube.taken_month)) == (4, 4048, "2026-10")
    assert cube.cells["size_class"].tolist() == [9, 9, -1, 11]
    assert cube.cells["version"].tolist() == [0, 1, 0, 0]
    assert sorted(cube.scopes) == ["HR", "IT"]
    assert "report" not in used(found).frame().to_csv()


def test_ages_by_last_access_stand_beside_those_by_last_change() -> None:
    inventory = used(read(LIST))
    assert inventory.accessed is not None
    assert inventory.accessed.last.ages.tolist() == [0, 0, 20, 20], "a file never opened counts from its change"
    again = Inventory.of(inventory.frame(), inventory.contents)
    assert again.frame().equals(inventory.frame())


def test_exact_copies_are_measured_where_contents_are_known() -> None:
    assert used(read(LIST)).contents.duplicate_ratio == pytest.approx(1000 / 4048)
    unknown = used(read("Path,Size,Modified\na,1,2026-01-01\n")).contents
    assert np.isnan([unknown.duplicate_ratio, unknown.compressed_ratio, unknown.footprint_ratio]).all()


@pytest.mark.parametrize(
    ("paths", "levels", "scopes"),
    [
        ("S:\\Team\\Legal\\a S:\\Team\\Sales\\b", 1, ("Legal", "Sales")),
        ("/srv/Legal/2024/a /srv/Legal/b /srv/c", 1, ("Files", "Legal")),
        ("/srv/Legal/2024/x/a /srv/Legal/b /srv/Leg/c", 2, ("Leg", "Legal", "Legal/2024")),
        ("a Legal/b", 1, ("Files", "Legal")),
        ("/srv/Legal/a /srv/Sales/b", 0, ("Files",)),
    ],
)
def test_folders_may_be_scopes(paths: str, levels: int, scopes: tuple[str, ...]) -> None:
    rows = "".join(f"{path},1,2026-01-01\n" for path in paths.split())
    assert used(read("Path,Size,Modified\n" + rows, folders=levels)).modified.last.scopes == scopes


def test_samples_tell_what_compresses_and_what_was_not_tried_does_not_count() -> None:
    rows = "a,1000,2026-01-01,400,x\nb,1000,2026-01-01,,y\nc,100,2026-01-01,130,z\nd,900,2026-01-01,,x\n"
    found = used(read("Path,Size,Modified,Compressed size,MD5\n" + rows)).contents
    assert found.compressed_ratio == pytest.approx(500 / 1100)  # nothing grows by being compressed
    assert found.duplicate_ratio == pytest.approx(900 / 3000)
    assert found.footprint_ratio == pytest.approx(0.7 * 500 / 1100)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a.pdf,,2026-01-01", "size_unreadable"),
        ("a.pdf,-5,2026-01-01", "size_unreadable"),
        ("a.pdf,1.5 furlongs,2026-01-01", "size_unreadable"),
        ("a.pdf,9999999999999999999,2026-01-01", "size_unreadable"),
        ("a.pdf,5,01/02/2026", "date_order"),
        ("a.pdf,5,2026-02-31", "modified_unreadable"),
        ("a.pdf,5,0001-01-01T00:00:00Z", "modified_impossible"),
        ("a.pdf,5,9999-12-31", "modified_impossible"),
        ("a.pdf,5,1969-12-31", "modified_impossible"),
        ("a.pdf,5,", "modified_unreadable"),
        ("folder/,5,2026-01-01", "folders"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_counted(line: str, code: str) -> None:
    found = read(f"Path,Size,Modified\nsound.pdf,7,2026-01-01\n{line}\n")
    assert (found.rows_in, found.rows_used, found.rows_set_aside) == (2, 1, 1)
    fault = next(issue for issue in found.issues if issue.code == code)
    assert fault.row == 3
    assert used(found).modified.last.total_bytes == 7


def test_nothing_readable_is_no_inventory() -> None:
    found = read("Path,Size,Modified\na.pdf,?,?\n")
    assert found.inventory is None
    assert {issue.code for issue in found.issues} == {"no_rows", "size_unreadable"}


def test_a_change_in_the_future_is_said_and_counts_as_new() -> None:
    found = read("Path,Size,Modified\na.pdf,5,2027-03-01\nb.pdf,5,2026-01-01\n")
    assert [issue.code for issue in found.issues] == ["future"]
    dated = read("Path,Size,Modified\na.pdf,5,2027-03-01\nb.pdf,5,2026-01-01\n", taken="2026-10")
    assert used(dated).modified.last.ages.tolist() == [9, 0]
    assert dated.issues == ()


def test_a_table_of_cells_may_hold_several_month_ends() -> None:
    head = "scope,snapshot_month,basis,file_type,size_from_bytes,modified_month,files,bytes\n"
    rows = "a,2026-09,modified,pdf,1024,2026-01,2,3000\na,2026-10,modified,pdf,1024,2026-01,1,1500\n"
    ended = "b,2026-09,modified,pdf,0,2026-01,1,0\n"
    found = read(head + rows + ended)
    assert not found.is_file_list
    assert [cube.total_bytes for cube in used(found).modified.cubes] == [3000, 1500]
    assert [issue.code for issue in found.issues] == ["scope_ended"]
    bad = read(head + rows + "a,2026-10,colour,pdf,1024,2026-01,1,1500\n")
    assert [issue.code for issue in bad.issues] == ["basis_unreadable"]


def test_which_headers_are_an_inventory() -> None:
    assert is_inventory(upload("FullName,Length,LastWriteTime\na,1,2026-01-01\n"))
    assert is_inventory(upload("file_type,size_from_bytes,modified_month,files,bytes\npdf,0,2026-01,1,0\n"))
    assert is_inventory(upload(LIST * 4000))
    assert not is_inventory(upload("scope,month,archived_gb,total_files\na,2026-01,1,2\n"))
    assert not is_inventory(upload("words of a letter\n"))


def test_real_file_lists_agree_with_the_cubes_of_the_same_month_to_the_byte(real_data: Path) -> None:
    folder = real_data / "real_libraries"
    for name in ("gsa_fedramp_automation", "ohdsi_studyprotocols", "openelections_mi"):
        path = folder / f"inventory_{name}.csv"
        listed = used(read_inventory(place_of(str(path)), NOW)).modified.last
        cubes = used(read_inventory(place_of(str(folder / f"cube_history_{name}.csv.gz")), NOW)).modified.last
        assert (listed.total_files, listed.total_bytes) == (cubes.total_files, cubes.total_bytes)
        assert _months(listed) == _months(cubes)


def _months(cube: AgeCube) -> dict[str, int]:
    found = cube.cells.groupby(cube.cells["modified_month"].astype(str))["bytes"].sum()
    return {str(month): int(volume) for month, volume in found.items()}
