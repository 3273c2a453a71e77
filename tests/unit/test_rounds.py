"""The pulse that the cloud's alarms listen to."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.rounds import beat, every, pulse
from forecast_core import Service
from forecast_core.shelf import Decision, Manifest, Shelf
from tests.builders import history, store

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
WATCH = (Path(__file__).parents[2] / "deploy" / "terraform" / "watch.tf").read_text(encoding="utf-8")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    dataset = store(tmp_path, "small", history())
    shelf = Shelf(tmp_path / "models")
    made = shelf.publish(Manifest("", dataset, "abc", "0.1.0", {}, "2026-10-31T20:00:00+00:00"), {})
    decision = Decision("2026-10-31", "publish", made.version, "trained")
    shelf.decide(shelf.standing(dataset).decided(decision, champion=made.version))
    return Service(tmp_path, np.datetime64("2026-11", "M"))


def test_the_pulse_says_how_old_who_answers_is_and_what_waits(service: Service) -> None:
    alive, age, drift = pulse(service, NOW)
    assert alive == {"event": "alive"}
    assert (age["event"], age["days"]) == ("model_age", 30.5)
    assert drift == {"event": "drift", "open_alarms": 0}


def test_the_alarms_of_terraform_listen_to_what_is_said(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    said = {str(facts["event"]): set(facts) for facts in pulse(service, NOW)}
    heard = re.findall(
        r"tostring\(line\.event\) == '(\w+)' \| summarize (?:value = max\(todouble\(line\.(\w+)\)\))?", WATCH
    )
    assert {event for event, _ in heard} == set(said)
    assert all(fact in said[event] for event, fact in heard if fact)
    with caplog.at_level(logging.INFO, logger="app.rounds"):
        beat(service, NOW)
    assert [record.facts["event"] for record in caplog.records] == list(said)  # type: ignore[attr-defined]


def test_work_is_done_at_once_and_again_until_the_end() -> None:
    done: list[int] = []

    async def run() -> None:
        async with every(0.01, lambda: done.append(len(done))):
            assert done
            while len(done) < 3:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(run(), 60))
    ended = len(done)
    assert done == list(range(ended))
