"""Does every sentence say what the numbers carry, and no more?"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import explain, findings, levers, origin
from app.text import headline as text
from app.text import outlook as outlook_text
from forecast_core import Answer, Interval, Outlook, Ranges, Scenario, Service, Step, Total, Trust, TypePart

FREQUENCY = "archive_frequency_per_day"


def totals(baseline: float, change: float) -> Total:
    def around(value: float) -> Interval:
        return Interval(value, value - abs(value) / 10, value + abs(value) / 10)

    return Total(around(baseline), around(baseline + change), around(change))


def shaped(answer: Answer, freed: float, saved: float, **more: object) -> Answer:
    """Return the answer with other totals: freed and saved change against 100 GB and $1,000."""
    money = (
        replace(answer.money, total=totals(1000, saved), break_even="from the first month") if answer.money else None
    )
    plain = {"trust": Trust("green"), "used_up_month": None, "savings_total": totals(100, freed), "money": money}
    return replace(answer, **{**plain, **more})


def test_nothing_moved(as_today: Answer) -> None:
    said = text.headline(as_today)
    assert said.startswith("If nothing changes, we expect ")
    assert "freed and $" in said and "in the next 24 months." in said
    assert text.range_line(as_today).startswith("Range: ")


def test_direction_size_money_and_horizon(faster: Answer) -> None:
    assert text.headline(shaped(faster, 40, 300)) == (
        "With these 3 changes: we expect 40 GB more freed and $300 more saved net in the next 24 months."
    )
    assert text.headline(shaped(faster, -40, -300)) == (
        "With these 3 changes: we expect 40 GB less freed and $300 less saved net in the next 24 months."
    )


def test_money_against_volume_is_a_but(faster: Answer) -> None:
    assert "40 GB more freed but $300 less saved net" in text.headline(shaped(faster, 40, -300))


def test_no_noticeable_difference_is_a_sentence(faster: Answer) -> None:
    assert (
        text.headline(shaped(faster, 0.1, 1)) == "With these 3 changes: no noticeable difference in the next 24 months."
    )


def test_only_one_of_the_two_moves(faster: Answer) -> None:
    assert "the same volume freed and $300 more saved net" in text.headline(shaped(faster, 0, 300))
    assert "40 GB more freed, with no noticeable difference in money" in text.headline(shaped(faster, 40, 0))


def test_the_gravest_caveat_comes_alone(faster: Answer) -> None:
    red = Trust("red", "Files archived per day would be 9 × the largest ever seen.")
    used_up = {"used_up_month": faster.months[5], "baseline_used_up_month": None, "archived_total": totals(100, 40)}
    assert text.caveat(shaped(faster, 40, 300, trust=red, **used_up)) == (
        "Take it as a guess: files archived per day would be 9 × the largest ever seen."
    )
    fades = text.caveat(shaped(faster, 40, 300, **used_up))
    assert fades.startswith("The extra fades: from Apr 2027 on")
    amber = Trust("amber", "Files archived per day would be 2 × the largest ever seen.")
    at_the_edge = shaped(faster, 40, 300, trust=amber)
    assert text.caveat(at_the_edge) == ""
    assert text.trust_line(at_the_edge) == "at the edge: files archived per day would be 2 × the largest ever seen."
    assert text.trust_line(shaped(faster, 40, 300, trust=red)) == "outside: a guess"


def test_what_costs_first_says_when_it_pays_back(faster: Answer) -> None:
    answer = shaped(faster, 40, 300)
    assert answer.money is not None
    later = replace(answer.money, break_even="pays back", break_even_month=np.datetime64("2027-06"))
    assert text.caveat(replace(answer, money=later)) == "It costs first and pays back from Jun 2027 on."
    never = replace(answer.money, break_even="never", total=totals(1000, -300))
    assert text.caveat(replace(answer, money=never)) == "It does not pay back in that time."


def test_without_measured_savings_it_speaks_of_archived(faster: Answer) -> None:
    bare = replace(
        faster, savings=None, savings_total=None, money=None, money_note="Freed GB were never measured.", by_type=()
    )
    bare = replace(bare, archived_total=totals(100, 40), trust=Trust("green"), used_up_month=None)
    said = text.headline(bare)
    assert "40 GB more archived in the next 24 months. Freed GB were never measured." in said
    assert "$" not in said and "freed" not in said.split(".")[0]
    assert "$" not in text.range_line(bare)
    assert findings.flows(bare) == "40 GB more archived over 24 months"


def test_an_archive_that_costs_more_than_it_saves(as_today: Answer) -> None:
    assert as_today.money is not None
    losing = replace(as_today, money=replace(as_today.money, total=totals(-500, 0)))
    assert "and the archive to cost $500 more than it saves" in text.headline(losing)
    assert findings.cumulative(losing) == "$500 lost by Oct 2028"


@given(st.floats(1e-9, 1e6), st.floats(-1, 1))
def test_any_size_of_library_reads_well(as_today_answer: Answer, scale: float, change: float) -> None:
    answer = shaped(as_today_answer, 0, 0, moved=(FREQUENCY,), savings_total=totals(scale, scale * change))
    said = text.headline(answer)
    assert "0.00" not in said and "nan" not in said and "will" not in said
    assert "months" in said or "month" in said


@pytest.fixture(scope="module", name="as_today_answer")
def _as_today_answer(as_today: Answer) -> Answer:
    return as_today


@pytest.mark.parametrize(
    ("name", "factor", "begins"),
    [
        (FREQUENCY, 2, "Archiving twice as often"),
        (FREQUENCY, 0.5, "Archiving half as often"),
        (FREQUENCY, 0, "Without archiving"),
        ("total_files", 1.2, "With 20 % more files on primary"),
        ("total_files", 0.8, "With 20 % fewer files on primary"),
        ("growth_ratio_per_month", 2, "Growing "),
        ("avg_file_size_mb", 2, "With files of "),
        ("primary_cost_per_gb_month", 2, "With primary at $0.4 instead of $0.2 per GB and month"),
        ("archive_cost_per_gb_month", 0.5, "With the archive at $0.0076 instead of $0.0152"),
    ],
)
def test_one_moved_lever_is_named(service: Service, unchanged: Scenario, name: str, factor: float, begins: str) -> None:
    answer = service.simulate(unchanged.with_values(**{name: factor * unchanged.values[name]}))
    assert levers.changes(answer).startswith(begins)


def test_shares_count_as_one_change(service: Service, unchanged: Scenario) -> None:
    answer = service.simulate(unchanged.with_values(pct_pdf=0.1, pct_docx=0.2))
    assert levers.changes(answer) == "With another mix of file types"
    assert (
        levers.changes(service.simulate(unchanged.with_values(recall_ratio_per_month=0.02)))
        == "If 2 % of it is recalled each month"
    )


def test_steps_and_values_of_levers(known: Ranges) -> None:
    frequency = known.by_name(FREQUENCY).lever
    assert (
        levers.step(frequency, Step(FREQUENCY, 10, 150, 120, 30, 12), "USD")
        == "+10 files per day → +120 GB freed in a year"
    )
    assert (
        levers.step(frequency, Step(FREQUENCY, -10, -150, -120, -30, 6), "USD")
        == "−10 files per day → −120 GB freed in 6 months"
    )
    assert levers.step(frequency, Step(FREQUENCY, 10, 5, math.nan, math.nan, 12), "USD").endswith(
        "+5 GB archived in a year"
    )
    assert levers.step(frequency, Step(FREQUENCY, 10, 0, 0, 0, 12), "USD").endswith("no difference in a year")
    price = known.by_name("archive_cost_per_gb_month").lever
    assert levers.step(price, Step(price.name, 0.001, 0, 0, -12.4, 12), "USD") == "+$0.001 → −$12 saved in a year"
    assert levers.value(known.by_name("start_month").lever, 684) == "Jan 2027"
    assert levers.value(known.by_name("horizon_months").lever, 1) == "1 month"
    assert levers.value(known.by_name("avg_file_size_mb").lever, 0.01) == "10.2 KB"
    assert levers.put_back(frequency, 120) == "Changed · back to 120 files per day"


def test_contributions_add_up_in_words(faster: Answer, known: Ranges) -> None:
    table = explain.moved_by(faster, known)
    assert list(table) == ["Lever", "Freed in the next 24 months", "Saved"]
    assert set(table["Lever"][:-1]) == {"Archived per day", "Average file size", "Price of the archive"}
    assert table["Lever"][-1] == "Together"
    assert all(re.match(r"[+−–]|none", cell) for column in list(table.values())[1:] for cell in column)
    assert explain.moved_by(replace(faster, contributions=()), known) == {}


def test_the_small_print_names_every_price_with_its_source(faster: Answer) -> None:
    lines = explain.numbers(faster)
    assert sum("per GB and month" in line for line in lines) == 2
    assert any("entered here" in line or "read" in line for line in lines)


def test_why_an_effect_fades(faster: Answer) -> None:
    effect = np.linspace(0.4, 0.05, len(faster.months))
    assert "a faster archiver empties it" in findings.frequency(replace(faster, frequency_effect_ratio=effect))
    assert "archived later" in findings.frequency(replace(faster, frequency_effect_ratio=-effect))
    assert findings.frequency(replace(faster, frequency_effect_ratio=np.full(24, 0.4))) == ""
    assert "changes nothing" in findings.frequency(replace(faster, frequency_effect_ratio=np.zeros(24)))
    assert (
        findings.effect(replace(faster, frequency_effect_ratio=np.zeros(24))) == "Archived: no difference in any month"
    )
    assert (
        findings.effect(replace(faster, frequency_effect_ratio=effect))
        == "Archived: +40 % in Nov 2026, +5 % in Oct 2028"
    )
    assert findings.frequency(replace(faster, moved=("total_files",))) == ""


def test_titles_are_findings(as_today: Answer, faster: Answer) -> None:
    assert findings.flows(as_today).startswith("About ") and findings.flows(as_today).endswith("freed per month")
    assert findings.flows(shaped(faster, 40, 300)) == "40 GB more freed over 24 months"
    assert findings.flows(shaped(faster, 0, 300)) == "No noticeable difference in what is freed"
    assert findings.cumulative(shaped(faster, 40, 300)) == "$300 more saved by Oct 2028"
    assert findings.cumulative(shaped(faster, 40, 0)) == "No noticeable difference in money over 24 months"
    months = np.ones(24)
    parts = (TypePart("pdf", months, 3 * months), TypePart("docx", months, months))
    assert findings.by_type(replace(faster, by_type=parts)) == "PDF files carry 75 % of what is freed"
    nothing = tuple(replace(part, scenario_gb=0 * months) for part in parts)
    assert findings.by_type(replace(faster, by_type=nothing)) == "Nothing is freed"


def test_the_backlog_is_silent_where_unknown(faster: Answer) -> None:
    assert findings.backlog(replace(faster, backlog_files=np.full(24, math.nan))) == ""
    known = replace(faster, backlog_files=np.full(24, 5_000.0), baseline_backlog_files=np.full(24, 9_000.0))
    assert findings.backlog(known) == "Backlog: 5,000 files in Oct 2028 instead of 9,000"
    assert findings.backlog(replace(known, moved=())) == "Backlog: 5,000 files in Oct 2028"


def test_where_numbers_come_from(as_today: Answer) -> None:
    line = origin.stamp(as_today.provenance)
    assert "demo data, generated" in line and "80 % band covered" in line and as_today.provenance.model_id in line
    unjudged = replace(as_today.provenance, is_demo=False, months_judged=0, price_book="")
    assert "not yet judged" in origin.stamp(unjudged) and "no prices" in origin.stamp(unjudged)


def test_the_forecast_speaks_plainly(outlook: Outlook) -> None:
    assert re.match(
        r"If nothing changes, we expect .* archived and .* freed in the next 12 months\.",
        outlook_text.headline(outlook),
    )
    blind = replace(outlook, predictable=False, error_ratio=1.26)
    assert outlook_text.headline(blind).endswith("History alone predicts this badly.")
    assert "missed by 126 %" in outlook_text.below(blind) and "take the band" in outlook_text.below(blind)
    assert "not known yet" in outlook_text.below(replace(outlook, error_ratio=math.nan))
    assert [outlook_text.tile(ahead)[0] for ahead in outlook.ahead] == ["Next month", "Next quarter", "Next year"]
    assert outlook_text.amount(None, "freed") == ("freed unknown", "never measured in this data")
    assert outlook_text.by_scope(outlook)["Scope"]
    assert outlook_text.scores(outlook.scores)["Model"][0].endswith("(answers)")
    assert outlook.backtest is not None
    assert re.match(r"\d+ of \d+ past months lay inside", outlook_text.backtest(outlook.backtest))
