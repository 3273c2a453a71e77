"""Kept scenarios: the same question for ever, what was said then, what is said now and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from app.text import headline, scenarios
from forecast_core import Asked, Author, Kept, NotFoundError, Ranges, Scenario, ScenarioError, Service, baseline
from forecast_core.scenario import from_query
from forecast_core.service.frozen import differences, freeze, made_with, thaw
from forecast_core.store import Store
from tests.builders import estate

ANN = Author("Ann", datetime(2026, 11, 2, 12, 0, tzinfo=UTC))


@pytest.fixture
def lab(service: Service, tmp_path: Path) -> Service:
    """Return the shared service with a store of its own."""
    service.store = Store.at(tmp_path)
    service.__dict__.pop("kept", None)
    return service


def keep(lab: Service, asked: Asked, name: str = "A") -> Kept:
    return lab.kept.keep(name, asked, headline.headline(lab.simulate(asked.scenario)), "why", ANN)


def test_a_kept_scenario_opens_to_the_identical_question(lab: Service, unchanged: Scenario) -> None:
    terms = lab.money_terms().changed(archive="azure_cold_lrs_eastus", interest_ratio_per_year=0.07)
    asked = Asked(unchanged.with_values(archive_frequency_per_day=9000.0), terms)
    kept = keep(lab, asked)
    for code in (kept.id, f"{kept.id}.1"):
        found, version = lab.kept.opened(code)
        again = lab.kept.asked(version)
        assert found.id == kept.id
        assert again.scenario.id == asked.scenario.id == version.digest
        assert again.terms == terms
    for wrong in (f"{kept.id}.2", f"{kept.id}.x", "nowhere"):
        with pytest.raises(NotFoundError):
            lab.kept.opened(wrong)


def test_a_link_keeps_its_digest_when_every_default_has_changed(
    lab: Service, unchanged: Scenario, known: Ranges
) -> None:
    link = Asked(unchanged).link
    moved = tuple(
        replace(item, today=item.lower if item.lever.unit != "percent" else item.today) if item.available else item
        for item in known.levers
    )
    later = Ranges(known.dataset_id, known.scope, moved, known.parts)
    assert baseline(later).id != unchanged.id
    assert from_query(dict(parse_qsl(link)), later).id == unchanged.id


def test_a_link_carries_nothing_but_the_question(unchanged: Scenario) -> None:
    names = {name for name, _ in parse_qsl(Asked(unchanged).link)}
    assert names == {"v", "d", "scope"} | {
        "perday", "start", "files", "growth", "size", "pdf", "docx", "xlsx", "recall", "primary", "archive", "horizon",
    }  # fmt: skip


def test_what_was_answered_is_kept_number_by_number(lab: Service, unchanged: Scenario) -> None:
    answer, asked = lab.simulate(unchanged), Asked(unchanged)
    then = thaw(keep(lab, asked).version.frozen)
    assert then.headline == headline.headline(answer)
    assert then.archived_gb == answer.archived_total.scenario
    assert answer.savings_total and then.savings_gb == answer.savings_total.scenario
    report = lab.money(unchanged, lab.money_terms())
    assert then.net_after_fees and then.net_after_fees.point == report.total
    assert (then.months, then.first_month, then.data_to) == (24, "2026-11", "2026-10")


def test_now_is_the_same_as_long_as_nothing_changes(lab: Service, unchanged: Scenario) -> None:
    found = lab.kept.standing(keep(lab, Asked(unchanged)))
    assert found.reasons == () and found.is_same
    assert scenarios.now(found) == "Now: the same."


def test_every_reason_for_a_difference_is_named(lab: Service, unchanged: Scenario) -> None:
    answer = lab.simulate(unchanged)
    frozen = freeze(answer, None, "It was less.")
    then: dict[str, Any] = {"data": "2026-09", "model": "old", "prices": "the old list", "release": "0.0.9"}
    frozen["made_with"] = then
    kept = keep(lab, Asked(unchanged))
    found = lab.kept.standing(replace(kept, version=replace(kept.version, frozen=frozen)))
    said = scenarios.now(found)
    assert said.startswith("Now: If nothing changes, we expect ")
    for reason in ("reach to 2026-10 (then 2026-09)", "another model answers (old", "other prices", "release (0.0.9"):
        assert reason in said
    assert differences(frozen, then) == ()
    assert set(made_with(answer.provenance, None)) == set(then)


def test_a_scenario_whose_data_is_gone_says_so(lab: Service, unchanged: Scenario) -> None:
    kept = keep(lab, Asked(unchanged))
    lost = replace(kept, version=replace(kept.version, link=kept.version.link.replace("d=demo", "d=0123456789ab")))
    found = lab.kept.standing(lost)
    assert found.now is None and "There is no data set" in scenarios.now(found)


def test_a_duplicate_says_what_was_said_then(lab: Service, unchanged: Scenario) -> None:
    kept = keep(lab, Asked(unchanged))
    copy = lab.kept.duplicate(kept.id, "B", ANN)
    assert copy.id != kept.id and copy.version.frozen == kept.version.frozen and copy.version.number == 1


def test_what_is_too_long_for_a_link_is_refused(lab: Service, unchanged: Scenario) -> None:
    own = tuple((f"offer {number}", "stored", 0.1) for number in range(400))
    with pytest.raises(ScenarioError, match="too long to be kept"):
        keep(lab, Asked(unchanged, replace(lab.money_terms(), own=own)))


def test_a_history_without_savings_is_kept_without_money(tmp_path: Path) -> None:
    service = Service(tmp_path, np.datetime64("2026-11", "M"))
    bare = estate(["Finance", "Legal"], 30).drop(columns="savings_gb")
    info = service.accept(service.inspect("bare.csv", bare.to_csv(index=False).encode()), "2026-11-02T12:00:00+00:00")
    found = baseline(service.ranges(info.id, "ALL"))
    then = thaw(keep(service, Asked(found)).version.frozen)
    assert (then.savings_gb, then.net_saved, then.net_after_fees) == (None, None, None)
    comparison = service.lab.compare([(found, service.money_terms())] * 2)
    assert comparison.measures == ("archived_gb",)
    assert "never measured" in scenarios.missing(comparison)
