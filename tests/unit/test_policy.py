"""The rule as a user meets it: levers, links, answers, words and pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from app import tables
from app.charts import policy as charts
from app.text import policy as words
from forecast_core import (
    NO_RULE_MONTHS,
    InventoryChoices,
    LeverError,
    NotFoundError,
    PolicyAnswer,
    Scenario,
    Service,
    baseline,
    from_query,
    to_query,
)

MONTH = np.datetime64("2026-11", "M")
HEAD = "scope,snapshot_month,file_type,size_from_bytes,modified_month,files,bytes"


def content() -> bytes:
    """Return two scopes at four month ends: a file of each kind a month for three years, one of 100 KB in IT."""
    rows = [HEAD]
    for taken in np.arange("2026-07", "2026-11", dtype="datetime64[M]"):
        for age in range(36):
            month = taken - age
            rows.append(f"HR,{taken},pdf,1048576,{month},2,3000000")
            rows.append(f"IT,{taken},docx,65536,{month},10,1000000")
    return "\n".join(rows).encode()


def stored(service: Service, rule: int = NO_RULE_MONTHS) -> Scenario:
    reading = service.inspect_inventory("estate.csv", content(), InventoryChoices(rule_months=rule))
    info = service.accept(reading, "2026-11-20")
    return baseline(service.ranges(info.id, service.scopes(info.id)[0]))


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, MONTH)


@pytest.fixture
def base(service: Service) -> Scenario:
    return stored(service)


def drawn(service: Service, base: Scenario, **levers: float) -> PolicyAnswer:
    return service.policy(base.with_values(**levers))


def test_without_a_rule_nothing_falls_due_and_the_page_says_so(service: Service, base: Scenario) -> None:
    found = service.policy(base)
    assert found.total.scenario.point == 0
    assert words.headline(found).startswith("No rule is in force")
    assert not found.heat.taken_gb.any()


def test_what_a_rule_takes_at_once_is_exact_and_what_follows_is_expected(service: Service, base: Scenario) -> None:
    found = drawn(service, base, rule_months=12)
    assert found.at_once is not None
    assert (found.at_once.files, found.at_once.bytes) == (24 * 12, 24 * 4_000_000)
    assert found.known_months == 12
    assert found.later is not None
    assert found.archived.scenario.point[1:12] * 2**30 == pytest.approx([4_000_000] * 11)
    assert found.trust.colour == "amber"
    assert "91.6 MB at once in Nov 2026" in words.headline(found)
    assert "96,000,000 bytes in 288 files" in words.range_line(found)
    assert words.later(found, found.later).startswith("Nov 2027 to Oct 2028: ")


def test_a_change_of_rule_keeps_what_is_exact_apart(service: Service) -> None:
    base = stored(service, rule=24)
    found = drawn(service, base, rule_months=12)
    assert found.already_gb * 2**30 == 12 * 4_000_000
    assert found.at_once is not None
    assert found.at_once.bytes == 12 * 4_000_000 - 0
    assert "lies there already and is exact" in words.against_today(found)
    assert "only its range can be told" in words.against_today(found)


def test_a_library_with_nothing_due_names_the_first_month(service: Service, base: Scenario) -> None:
    found = drawn(service, base, rule_months=60, horizon_months=12)
    assert words.headline(found) == (
        "Archiving what nobody changed for 60 months takes nothing in the next 12 months. "
        "The first file falls due in Nov 2028."
    )


def test_a_cap_makes_files_wait_and_names_the_month_the_backlog_is_used_up(service: Service, base: Scenario) -> None:
    found = drawn(service, base, rule_months=12, archive_frequency_per_day=2)
    assert words.waits(found)
    assert found.used_up_month == np.datetime64("2027-04", "M")  # 288 late and 12 a month, 60 days at 2 a day
    assert "worked off by Apr 2027" in words.headline(found)
    assert charts.backlog(found).title.endswith("used up in Apr 2027")
    never = drawn(service, base, rule_months=12, archive_frequency_per_day=0.1)
    assert never.used_up_month is None
    assert words.backlog(never).endswith("the cap is too low")


def test_small_files_and_the_largest_takers_are_computed(service: Service, base: Scenario) -> None:
    found = drawn(service, base, rule_months=12)
    assert words.small_files(found) == "Skipping files under 128 KB loses 25 % of the GB and 83 % of the operations."
    assert [(taker.name, round(taker.share, 3)) for taker in found.takers] == [("HR", 0.75), ("IT", 0.25)]
    assert drawn(service, base, rule_months=12, smallest_class=17).total.scenario.point < found.total.scenario.point


def test_types_and_scopes_left_out_travel_in_the_link(service: Service, base: Scenario) -> None:
    known = service.ranges(base.dataset_id, "ALL")
    asked = Scenario(base.dataset_id, "ALL", base.values, left_out=("type:pdf", "scope:IT"))
    query = to_query(asked)
    assert query["out"] == "scope:IT|type:pdf"
    assert from_query(query, known).id == asked.id != base.id
    assert asked.moved(base) == ("left_out",)
    with pytest.raises(LeverError, match="nothing called 'type:zip'"):
        from_query(query | {"out": "type:zip"}, known)
    with pytest.raises(LeverError, match="no such lever"):
        from_query({"age": "12"}, service.ranges("demo", "ALL"))
    ruled = Scenario(base.dataset_id, "ALL", {**base.values, "rule_months": 12.0}, left_out=("scope:IT",))
    assert service.policy(ruled).at_once.bytes == 24 * 3_000_000  # type: ignore[union-attr]


def test_simulator_and_forecast_answer_on_the_same_files(service: Service) -> None:
    base = stored(service, rule=24)
    moved = base.with_values(rule_months=12, smallest_class=17)
    answer = service.simulate(moved)
    total = service.policy(moved).total
    assert answer.archived_total.scenario.point == pytest.approx(total.scenario.point)
    parts = sum(part.archived_gb for part in answer.contributions)
    assert parts == pytest.approx(answer.archived_total.change.point)
    assert answer.past.is_computed
    assert np.isnan(answer.archived.scenario.point[12:]).all(), "no single month of files that do not exist yet"
    outlook = service.forecast(base.dataset_id, "ALL", 24)
    assert outlook.backtest is not None
    assert outlook.backtest.inside == len(outlook.backtest.months) == 3
    assert outlook.ahead[0].archived.point * 2**30 == pytest.approx(4_000_000)
    assert [line.scope for line in outlook.by_scope] == ["HR", "IT"]


def test_one_scope_of_it_is_a_view_of_its_own(service: Service, base: Scenario) -> None:
    alone = baseline(service.ranges(base.dataset_id, "IT")).with_values(rule_months=12)
    found = service.policy(alone)
    assert found.takers[0].kind == "type"
    assert found.at_once is not None
    assert found.at_once.bytes == 24_000_000
    with pytest.raises(NotFoundError, match="no scope"):
        service.ranges(base.dataset_id, "Sales")


def test_each_kind_of_data_says_what_it_cannot_do(service: Service, base: Scenario) -> None:
    demo = baseline(service.ranges("demo", "ALL"))
    with pytest.raises(NotFoundError, match="does not know how old the files are"):
        service.policy(demo)
    with pytest.raises(NotFoundError, match="not a monthly history"):
        service.dataset(base.dataset_id).history  # noqa: B018


def test_the_bill_of_a_rule_starts_from_what_the_simulator_says(service: Service, base: Scenario) -> None:
    moved = base.with_values(rule_months=12)
    report, answer = service.money(moved, service.money_terms()), service.simulate(moved)
    assert answer.money is not None
    assert report.storage_only == pytest.approx(answer.money.total.scenario.point)
    assert {bill.scope for bill in report.by_scope} == {"HR", "IT"}
    assert round(sum(bill.net for bill in report.by_scope), 2) == report.total


def test_copies_and_compression_count_only_when_asked_to(service: Service, base: Scenario) -> None:
    assert words.footprint(service.policy(base)) == ""
    rows = "a,1000000000,2020-01-01,500000000,x\nb,1000000000,2020-02-01,,x\nc,1000000000,2026-10-01,,y\n"
    reading = service.inspect_inventory("l.csv", ("path,size,modified,compressed,md5\n" + rows).encode())
    listed = baseline(service.ranges(service.accept(reading, "2026-11-20").id, "Files")).with_values(rule_months=12)
    as_it_is = service.policy(listed)
    ratio = words.counts_on_it(as_it_is)
    assert ratio == pytest.approx(2 / 3 * 0.5)
    assert "33 % of the volume are exact copies" in words.footprint(as_it_is)
    counted = service.policy(listed.with_values(footprint_ratio=ratio))
    assert words.counts_on_it(counted) is None
    assert counted.money.total.scenario.point > as_it_is.money.total.scenario.point


def test_levers_the_inventory_cannot_carry_say_what_is_missing(service: Service, base: Scenario) -> None:
    known = service.ranges(base.dataset_id, "ALL")
    assert "scan with --accessed" in known.by_name("by_access").reason
    assert "add a column version" in known.by_name("keep_versions").reason
    assert not known.by_name("total_files").available


@pytest.mark.parametrize("levers", [{}, {"rule_months": 12}, {"rule_months": 12, "archive_frequency_per_day": 3}])
def test_every_picture_is_a_figure_and_has_words_and_a_table(
    service: Service, base: Scenario, levers: dict[str, float]
) -> None:
    found = drawn(service, base, **levers)
    for shown in (charts.heat(found), charts.calendar(found), charts.backlog(found)):
        go.Figure(shown.figure)
        assert shown.title
        assert shown.subtitle
        assert shown.alt.startswith(shown.title)
    assert tables.to_csv(tables.heat(found)).count("\n") == 1 + 2 * len(found.heat.ages)
    rows = tables.calendar(found)
    assert rows["archived_scenario_gb"].count(None) == len(found.months) - found.known_months


def test_the_check_on_real_libraries_is_shown_with_its_rivals(service: Service, base: Scenario) -> None:
    found = service.policy(base)
    assert "not observed archiving" in words.CHECKED.replace("it is not ", "not ")
    rows = words.checked_rows(found.judged)
    assert rows["Error"][1] == "0.25 %"
    assert rows["Said"][1] == "next month"
    assert len(rows["Rule"]) == len(found.judged) == 11
