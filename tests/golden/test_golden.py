"""Did a number move? `make golden` rewrites; the difference is looked at and named in CHANGELOG."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecast_core import Service
from tests.golden.questions import FILE, QUESTIONS, TODAY, answers

KEPT: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
# Half of the sixth significant digit, and 1e-6 because machines add up in different orders.
SAME = 6e-6


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return answers(Service(tmp_path_factory.mktemp("golden"), TODAY))


def test_every_question_is_kept() -> None:
    assert list(KEPT) == list(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_number_moved(name: str, found: dict[str, dict[str, Any]]) -> None:
    kept, now = KEPT[name], found[name]
    assert now["question"] == kept["question"]
    assert set(now["answer"]) == set(kept["answer"])
    for item, value in kept["answer"].items():
        if isinstance(value, dict | float):
            assert now["answer"][item] == pytest.approx(value, rel=SAME, abs=1e-6), item
        else:
            assert now["answer"][item] == value, item
