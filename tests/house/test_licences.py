"""May what is shipped be shipped?"""

from __future__ import annotations

import pytest

from tests.house.licences import FAMILIES, LIST, licence_of, shipped

LISTED = LIST.read_text(encoding="utf-8")
HERE = [name for name in shipped() if licence_of(name)]


def test_the_lock_is_read() -> None:
    assert {"pandas", "streamlit"} <= set(HERE)


@pytest.mark.parametrize("name", HERE)
def test_a_licence_is_listed_and_of_a_family_that_may_be_shipped(name: str) -> None:
    licence = licence_of(name)
    assert f"| {name} | {licence} |" in LISTED, "run make docs"
    assert any(family in licence for family in FAMILIES), licence
