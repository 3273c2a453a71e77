"""The lab on the demo company: goals are met when run again, the best policy keeps its limits, bars are run again."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from app import lab_tables
from app.charts import search as charts
from app.text import search as words
from forecast_core import (
    NO_RULE_MONTHS,
    Goal,
    InventoryChoices,
    LeverError,
    PolicyLimits,
    Ranges,
    Scenario,
    ScenarioError,
    Service,
    baseline,
)
from tests.unit.test_policy import content

FREQUENCY, GROWTH, SIZE = "archive_frequency_per_day", "growth_ratio_per_month", "avg_file_size_mb"


def bounds(known: Ranges, *names: str) -> dict[str, tuple[float, float]]:
    return {name: (known.by_name(name).lower, known.by_name(name).upper) for name in names}


@pytest.mark.parametrize(
    ("goal", "levers"),
    [
        (Goal("savings_gb", 3500.0), (FREQUENCY, GROWTH, SIZE)),
        (Goal("archived_gb", 5000.0), (FREQUENCY, "pct_pdf", "pct_docx")),
        (Goal("net_per_year", 3900.0), (FREQUENCY, GROWTH)),
        (Goal("net_per_year", 3600.0, "money"), (FREQUENCY, "recall_ratio_per_month")),
    ],
)
def test_a_goal_is_met_when_the_setting_is_run_again(
    service: Service, unchanged: Scenario, known: Ranges, goal: Goal, levers: tuple[str, ...]
) -> None:
    terms = service.money_terms()
    found = service.lab.seek(unchanged, terms, goal, bounds(known, *levers))
    assert found.best.reached and not found.was_there
    answer = service.simulate(found.best.scenario)
    assert answer.savings_total is not None
    again = {
        "savings_gb": answer.savings_total.scenario.point,
        "archived_gb": answer.archived_total.scenario.point,
        "net_per_year": float(service.money(found.best.scenario, terms).ledger.net.sum()) / 2,
    }[goal.yardstick]
    assert again == pytest.approx(goal.target, rel=1e-3)
    assert again == pytest.approx(found.best.value, rel=1e-9)
    assert set(answer.moved) <= set(levers)
    said = words.goal_headline(found, unchanged, "USD", 682)
    assert said.startswith("With ") and "we reach" in said


def test_the_quota_is_kept_until_the_month(service: Service, unchanged: Scenario, known: Ranges) -> None:
    goal = Goal("primary_gb", 3400.0, until=6)
    found = service.lab.seek(unchanged, service.money_terms(), goal, bounds(known, FREQUENCY, GROWTH))
    assert found.best.reached
    ground = service.ground(unchanged.dataset_id, unchanged.scope)
    _, flows = ground.flows((found.best.scenario,), unchanged)
    left = (flows.stock_gb - flows.savings_gb).sum(axis=1)[0, :6]
    assert left.max() == pytest.approx(3400, rel=1e-3)
    assert "on primary at most until Apr 2027" in words.goal_headline(found, unchanged, "USD", 682)


def test_what_cannot_be_reached_says_how_near_one_gets(service: Service, unchanged: Scenario, known: Ranges) -> None:
    asked = bounds(known, FREQUENCY)
    found = service.lab.seek(unchanged, service.money_terms(), Goal("savings_gb", 99_999.0), asked)
    most = service.simulate(unchanged.with_values(**{FREQUENCY: asked[FREQUENCY][1]})).savings_total
    assert most is not None and not found.best.reached
    assert found.best.value == pytest.approx(most.scenario.point, rel=1e-6)
    said = words.goal_headline(found, unchanged, "USD", 682)
    assert said == "97.7 TB freed over 24 months cannot be reached with these levers; the nearest is 3.51 TB."


def test_a_goal_that_is_met_moves_nothing(service: Service, unchanged: Scenario, known: Ranges) -> None:
    found = service.lab.seek(unchanged, service.money_terms(), Goal("savings_gb", 10.0), bounds(known, FREQUENCY))
    assert found.was_there and found.best.scenario.id == unchanged.id
    assert words.goal_headline(found, unchanged, "USD", 682).startswith("Nothing has to move: 2.87 TB freed already")


def test_what_cannot_be_asked_is_named(service: Service, unchanged: Scenario, known: Ranges) -> None:
    terms, goal = service.money_terms(), Goal("savings_gb", 3500.0)
    with pytest.raises(LeverError, match="start_month cannot be searched over"):
        service.lab.seek(unchanged, terms, goal, {"start_month": (682.0, 690.0)})
    with pytest.raises(LeverError, match="Archived per day between -5"):
        service.lab.seek(unchanged, terms, goal, {FREQUENCY: (-5.0, 100.0)})
    with pytest.raises(ScenarioError, match="0 levers"):
        service.lab.seek(unchanged, terms, goal, {})
    with pytest.raises(ScenarioError, match="cannot be measured"):
        service.lab.seek(unchanged, terms, Goal("luck", 1.0), bounds(known, FREQUENCY))


def test_every_bar_is_what_the_money_page_says_there(service: Service, unchanged: Scenario) -> None:
    terms = service.money_terms()
    found = service.lab.tornado(unchanged, terms, "net")
    assert found.value == pytest.approx(float(service.money(unchanged, terms).ledger.net.sum()))
    widths = [bar.width for bar in found.bars]
    assert widths == sorted(widths, reverse=True)
    bars = {bar.name: bar for bar in found.bars}
    assert {"bill_recall", "bill_primary_price", FREQUENCY, GROWTH} <= set(bars)
    assert "recall_ratio_per_month" not in bars, "it is swung once, as an assumption of the bill"
    for end, value in (
        (bars[FREQUENCY].lower, bars[FREQUENCY].value_lower),
        (bars[FREQUENCY].upper, bars[FREQUENCY].value_upper),
    ):
        moved = service.money(unchanged.with_values(**{FREQUENCY: end}), terms)
        assert value == pytest.approx(float(moved.ledger.net.sum()))


def test_a_map_holds_the_scenario_itself(service: Service, unchanged: Scenario) -> None:
    terms = service.money_terms()
    found = service.lab.heat(unchanged, terms, "savings_gb", (FREQUENCY, GROWTH))
    assert found.values.shape == (9, 9)
    row, column = (int(np.argmin(np.abs(at - here))) for at, here in
                   ((found.down_at, found.here[1]), (found.across_at, found.here[0])))  # fmt: skip
    answer = service.simulate(unchanged)
    assert answer.savings_total is not None
    assert found.values[row, column] == pytest.approx(answer.savings_total.scenario.point)
    with pytest.raises(ScenarioError, match="two levers"):
        service.lab.heat(unchanged, terms, "net", (FREQUENCY, FREQUENCY))


def test_the_best_policy_keeps_its_limits(service: Service, unchanged: Scenario) -> None:
    terms, told = service.money_terms(), []
    free = service.lab.best_policy(unchanged, terms, PolicyLimits(), lambda *at: told.append(at))
    assert free.best is not None and free.best.net > free.today.net and told
    tight = service.lab.best_policy(unchanged, terms, PolicyLimits(files_per_day=2000.0, paid=60.0), lambda *_: None)
    assert tight.best is not None
    assert tight.best.files_per_day <= 2000 and tight.best.paid <= 60
    assert tight.best.net < free.best.net
    opened = service.money(free.best.scenario, free.best.terms)
    assert float(opened.ledger.net.sum()) == pytest.approx(free.best.net)
    none = service.lab.best_policy(unchanged, terms, PolicyLimits(paid=-1.0), lambda *_: None)
    assert none.best is None and "No policy keeps" in words.policy_headline(none, {})
    offers = {offer.id: offer for offer in service.price_book.offers}
    assert words.policy_headline(free, offers).startswith("Archive to Azure Blob archive")


def test_the_frontier_is_beaten_by_nothing(service: Service, unchanged: Scenario) -> None:
    found = service.lab.best_policy(unchanged, service.money_terms(), PolicyLimits(), lambda *_: None)
    for each in found.frontier:
        assert not any(gb > each.freed_gb + 1e-9 and net > each.net + 1e-9 for gb, net in found.looked)
    gbs = [each.freed_gb for each in found.frontier]
    assert gbs == sorted(gbs)


@pytest.fixture
def inventory(tmp_path: Path) -> tuple[Service, Scenario]:
    service = Service(tmp_path, np.datetime64("2026-11", "M"))
    reading = service.inspect_inventory("estate.csv", content(), InventoryChoices(rule_months=NO_RULE_MONTHS))
    info = service.accept(reading, "2026-11-20")
    return service, baseline(service.ranges(info.id, "ALL"))


def test_on_an_inventory_age_types_and_floor_are_chosen(inventory: tuple[Service, Scenario]) -> None:
    service, start = inventory
    terms = service.money_terms()
    found = service.lab.best_policy(start, terms, PolicyLimits(returned_ratio=0.3), lambda *_: None)
    assert found.best is not None
    assert found.best.returned_ratio <= 0.3 and math.isfinite(found.best.returned_ratio)
    assert found.best.scenario.values["rule_months"] < NO_RULE_MONTHS
    answer = service.policy(found.best.scenario)
    assert answer.total.scenario.point == pytest.approx(found.best.freed_gb, rel=1e-6)
    tighter = service.lab.best_policy(start, terms, PolicyLimits(returned_ratio=0.01), lambda *_: None)
    assert tighter.best is None or tighter.best.net <= found.best.net


def test_on_an_inventory_a_goal_moves_whole_months(inventory: tuple[Service, Scenario]) -> None:
    service, start = inventory
    found = service.lab.seek(start, service.money_terms(), Goal("savings_gb", 0.08), {"rule_months": (3.0, 60.0)})
    assert found.best.reached and found.best.scenario.values["rule_months"] % 1 == 0
    assert service.simulate(found.best.scenario).archived_total.scenario.point >= 0.08 * (1 - 1e-3)
    bars = service.lab.tornado(found.best.scenario, service.money_terms(), "savings_gb").bars
    assert "rule_months" in {bar.name for bar in bars}


def test_pictures_and_tables_are_whole(service: Service, unchanged: Scenario) -> None:
    terms = service.money_terms()
    for yardstick in ("net", "savings_gb"):
        bars = service.lab.tornado(unchanged, terms, yardstick)
        both = service.lab.heat(unchanged, terms, yardstick, (FREQUENCY, GROWTH))
        policy = service.lab.best_policy(unchanged, terms, PolicyLimits(paid=500.0), lambda *_: None)
        for shown in (charts.tornado(bars, "USD"), charts.lever_map(both, "USD"), charts.frontier(policy)):
            go.Figure(shown.figure)
            assert json.loads(json.dumps(shown.figure, allow_nan=False)) == shown.figure
            assert shown.title and shown.subtitle and shown.alt.startswith(shown.title)
    assert len(lab_tables.lever_map(both)["savings_gb"]) == 81
    assert len(lab_tables.tornado(bars)["name"]) == len(bars.bars)
    assert len(lab_tables.frontier(policy)["tier"]) == len(policy.frontier)
