"""Data on their way in: a glance at them, what changed between two states, replaced and brought back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.text.profile import age
from forecast_core import DataError, InventoryChoices, NotFoundError, Profile, Service, Upload
from forecast_core.errors import SourceError
from forecast_core.inventory import difference
from forecast_core.service.profile import history_profile
from tests.builders import estate

NOW = np.datetime64("2026-11", "M")
HEAD = "scope,file_type,size_from_bytes,modified_month,files,bytes\n"
EARLIER = "hr,pdf,1024,2026-01,10,15000\nhr,pdf,1024,2026-03,4,6000\nit,docx,2048,2025-01,3,7000\n"
LATER = (
    "hr,pdf,1024,2026-01,7,10500\nhr,pdf,1024,2026-03,4,6000\nhr,pdf,1024,2026-09,3,4500\n"
    "it,docx,2048,2025-01,5,11000\n"
)


def service(folder: Path) -> Service:
    return Service(folder, NOW)


def kept(found: Service, name: str, text: str, taken: str, **asked: object) -> str:
    reading = found.intake.inspect(Upload(name, text.encode()), said=InventoryChoices(taken=taken))
    return found.intake.accept(reading, f"{taken}-28", **asked)  # type: ignore[arg-type]


def test_two_states_are_differenced_to_the_byte(tmp_path: Path) -> None:
    found = service(tmp_path)
    first = kept(found, "a.csv", HEAD + EARLIER, "2026-08")
    second = kept(found, "b.csv", HEAD + LATER, "2026-10")
    moved = {item.scope: item for item in found.intake.difference(first, second)}
    assert moved["hr"].left == (3, 4500)
    assert moved["hr"].arrived == (3, 4500)
    assert moved["it"].found == (2, 4000)
    for item in moved.values():
        for at in (0, 1):
            assert item.before[at] - item.left[at] + item.arrived[at] + item.found[at] == item.after[at]
    with pytest.raises(DataError, match="wrong order"):
        found.intake.difference(second, first)


def test_what_is_replaced_stays_and_can_be_brought_back(tmp_path: Path) -> None:
    found = service(tmp_path)
    first = kept(found, "a.csv", HEAD + EARLIER, "2026-08")
    second = kept(found, "a.csv", HEAD + LATER, "2026-10", replaces=first)
    assert [info.id for info in found.datasets()[1:-1]] == [second]
    assert found.dataset(first).info.id == first, "a link to it still opens"
    assert [(item.id, item.by_id) for item in found.intake.replaced()] == [(first, second)]
    assert service(tmp_path).intake.bring_back(first, "2026-11-01") == first
    assert [info.id for info in found.datasets()[1:-1]] == [first]
    assert [(item.id, item.by_id) for item in found.intake.replaced()] == [(second, first)]
    with pytest.raises(NotFoundError, match="was not replaced"):
        found.intake.bring_back(first, "2026-11-01")


def test_a_joined_inventory_knows_both_month_ends(tmp_path: Path) -> None:
    found = service(tmp_path)
    first = kept(found, "a.csv", HEAD + EARLIER, "2026-08")
    both = kept(found, "a.csv", HEAD + LATER, "2026-10", replaces=first, joins=True)
    cubes = found.dataset(both).inventory.inventory.modified
    assert [str(month) for month in cubes.months] == ["2026-08", "2026-10"]
    assert [cube.total_bytes for cube in cubes.cubes] == [28000, 32000]
    assert difference(*cubes.cubes)[0].scope == "hr"


def test_a_profile_adds_up_to_what_is_stored(tmp_path: Path) -> None:
    reading = service(tmp_path).intake.inspect(Upload("a.csv", (HEAD + LATER).encode()))
    profile = service(tmp_path).intake.profile(reading)
    assert profile is not None
    for parts in (profile.by_age, profile.by_size, profile.by_type):
        assert sum(part.files for part in parts) == 19
        assert sum(part.gb for part in parts) * 2**30 == pytest.approx(32000)
    assert profile.cold_share == pytest.approx(11000 / 32000)
    assert np.nansum(profile.calendar) * 2**30 == pytest.approx(32000)


def test_a_missing_month_is_a_gap_of_the_calendar(tmp_path: Path) -> None:
    rows = estate(["Finance", "Legal"], 30)
    text = rows.drop(index=rows.index[3]).to_csv(index=False)
    profile = service(tmp_path).intake.profile(service(tmp_path).intake.inspect(Upload("h.csv", text.encode())))
    assert profile is not None
    assert int(np.isnan(profile.calendar).sum()) == 1


def test_the_mix_counts_every_scope_at_its_own_last_month(tmp_path: Path) -> None:
    rows = [f"hr,2026-0{month},100,0.8,0,0,1" for month in (1, 2)]
    rows += [f"it,2026-0{month},300,0.5,0,0,1" for month in (1, 2, 3)]
    text = "scope,month,total_files,pct_pdf,pct_docx,pct_xlsx,archived_gb\n" + "\n".join(rows)
    found = service(tmp_path).inspect("ended.csv", text.encode())
    assert found.history is not None
    files = {part.name: round(part.files) for part in history_profile(found.history).by_type}
    assert files == {"pdf": 80 + 150, "docx": 0, "xlsx": 0, "other": 20 + 150}


def test_what_is_unusual_is_said_and_nothing_is_refused(tmp_path: Path) -> None:
    rows = "a,video,1048576,2026-09,900,943718400\na,pdf,1048576,2026-09,2000,9437184000\n"
    many = "a,pdf,1048576,2026-08,10000,99000000000\n"
    reading = service(tmp_path).intake.inspect(Upload("a.csv", (HEAD + rows + many).encode()))
    profile = service(tmp_path).intake.profile(reading)
    assert profile is not None
    assert {hint.code for hint in profile.hints} == {"small_files", "cold_share", "video"}


@pytest.mark.parametrize(
    "address", ["/etc/passwd", "file:///etc/passwd", "s3://other/x", "s3://inventory-2/x", "https://s3/x", "../x", ""]
)
def test_a_page_reads_only_addresses_that_are_allowed(tmp_path: Path, address: str) -> None:
    found = service(tmp_path)
    found.intake.allowed = ("s3://inventory",)
    with pytest.raises(DataError, match="may not be read"):
        found.intake.allowed_place(address)


@pytest.mark.parametrize(
    "address", ["ftp://x/y", "s3://key:secret@bucket/x", "s3://b/x?sig=1", "s3:///x", "s3://b/../c", "s3::https://b/c"]
)
def test_an_address_with_a_key_or_another_scheme_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SourceError):
        service(tmp_path).intake.place(address)


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "changed within a year"), (1.0, "older than a year"), (0.75, "About 3 in 4 bytes")]
)
def test_the_finding_of_the_ages_fits_the_share(share: float, words: str) -> None:
    empty = np.empty((0, 0))
    profile = Profile((), np.array([], "datetime64[M]"), empty, is_inventory=True, cold_share=share)
    assert words in age(profile)
