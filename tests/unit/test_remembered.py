"""What was learned once is read at the next start: the same numbers, and never for something else."""

from __future__ import annotations

import logging
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast_core import ALL, Service, baseline
from forecast_core.service import remembered
from forecast_core.service.learned import Learned, learn
from forecast_core.service.remembered import Remembered
from tests.builders import history

TODAY = np.datetime64("2026-11", "M")


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(history())


def numbers(found: Any) -> list[Any]:
    """Every number and word in an answer, in order."""
    if is_dataclass(found):
        return [item for field in fields(found) for item in numbers(getattr(found, field.name))]
    if isinstance(found, dict):
        return [item for key in sorted(found) for item in (key, *numbers(found[key]))]
    if isinstance(found, tuple | list):
        return [item for part in found for item in numbers(part)]
    return found.ravel().tolist() if isinstance(found, np.ndarray) else [found]


def test_the_next_start_answers_the_same_and_learns_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    answers = []
    for _ in range(2):
        service = Service(tmp_path, TODAY)
        known = service.ranges(service.demo_id, ALL)
        moved = baseline(known).with_values(
            archive_frequency_per_day=2 * known.by_name("archive_frequency_per_day").today
        )
        answers.append(
            (
                service.simulate(moved),
                service.forecast(service.demo_id, ALL, 24),
                service.models_of(service.demo_id),
            )
        )
    done = [line for line in caplog.messages if line.endswith(service.learned("demo").model_id)]
    assert [line.split()[0] for line in done] == ["learned", "read"]
    for first, second in zip(*answers, strict=True):
        assert np.array_equal(
            np.array(numbers(first), object).astype(str), np.array(numbers(second), object).astype(str)
        )


def test_other_data_other_code_or_other_libraries_are_not_answered_for(
    tmp_path: Path, learned: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Remembered(tmp_path / "learned")
    kept.keep("sound", learned)
    assert kept.read("sound", learned.history) is not None
    assert kept.read("sound", history("idle")) is None
    with monkeypatch.context() as changed:
        changed.setattr(remembered, "code_digest", lambda: "other code")
        assert kept.read("sound", learned.history) is None
    monkeypatch.setattr(remembered, "libraries", lambda: {"numpy": "1.0"})
    assert kept.read("sound", learned.history) is None


def test_a_newer_one_takes_the_place_of_the_older(
    tmp_path: Path, learned: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Remembered(tmp_path)
    kept.keep("sound", learned)
    monkeypatch.setattr(remembered, "libraries", lambda: {"numpy": "1.0"})
    kept.keep("sound", learned)
    assert len(list(tmp_path.iterdir())) == 1
    assert kept.read("sound", learned.history) is not None


@pytest.mark.parametrize("damage", [b"", b"not a zip", "cut", "turned"])
def test_a_damaged_one_is_said_and_learned_again(
    tmp_path: Path, learned: Learned, damage: bytes | str, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Remembered(tmp_path)
    kept.keep("sound", learned)
    place = next(tmp_path.iterdir())
    sound = place.read_bytes()
    middle = len(sound) // 3
    turned = sound[:middle] + bytes([sound[middle] ^ 255]) + sound[middle + 1 :]
    place.write_bytes(
        damage if isinstance(damage, bytes) else {"cut": sound[: len(sound) // 2], "turned": turned}[damage]
    )
    assert kept.read("sound", learned.history) is None
    assert "learned again" in caplog.text


def test_what_cannot_be_written_down_or_written_to_disk_is_only_a_slower_start(
    tmp_path: Path, learned: Learned, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    Remembered(tmp_path / "file").keep("sound", learned)
    Remembered(tmp_path / "trees").keep("sound", replace(learned, model=object()))
    assert caplog.text.count("not kept for the next start") == 2
    assert not (tmp_path / "trees").exists()
