"""Alarms: raised once, told once, kept until settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast_core.drift.alarms import Alarm, Change, acknowledged, explained, month_passed, new_levels, retrained
from forecast_core.drift.integrity import Replay, differs
from forecast_core.drift.loop import retrain_due
from forecast_core.drift.verdict import Colour, Finding, Overall, Signal, Stake, overall, ranked
from forecast_core.errors import DataError

JAN = np.datetime64("2027-01", "M")


def finding(month: np.datetime64, colour: Colour = "amber", signal: Signal = "inputs", scope: str = "Legal") -> Finding:
    return Finding(signal, scope, "total_files", colour, month, 120, 100, 0.2, 0.01, stake=Stake(5.0, 0.12, 3.0))


def rounds(seen: Sequence[Colour | None], standing: tuple[Alarm, ...] = ()) -> tuple[tuple[Alarm, ...], list[Change]]:
    """Pass months in a row, each with a finding of this colour or none."""
    told = []
    for step, colour in enumerate(seen):
        found = [finding(JAN + step, colour)] if colour else []
        standing, changes = month_passed(standing, found, JAN + step)
        told += changes
    return standing, told


def test_an_alarm_is_told_once_however_long_it_lasts() -> None:
    standing, told = rounds(["amber"] * 6)
    assert [change.kind for change in told] == ["raised"]
    assert standing[0].since == JAN
    assert standing[0].seen == JAN + 5


def test_a_finding_that_comes_and_goes_is_one_alarm() -> None:
    standing, told = rounds(["amber", None, "amber", None, None, "amber"])
    assert [change.kind for change in told] == ["raised"]
    assert standing[0].is_open


def test_it_is_told_when_it_gets_worse_and_not_when_it_gets_better() -> None:
    standing, told = rounds(["amber", "red", "amber", "red"])
    assert [change.kind for change in told] == ["raised", "worse"]
    assert standing[0].colour == "red"


@given(st.lists(st.sampled_from([None, "amber", "red"]), min_size=1, max_size=24))
def test_no_run_of_months_tells_more_than_raised_and_worse(seen: list[Colour | None]) -> None:
    _, told = rounds(seen)
    assert len(told) <= 2
    assert len({change.id for change in told}) == len(told)


def test_asking_twice_for_a_month_changes_nothing_more() -> None:
    standing, _ = rounds(["amber"])
    again, told = month_passed(standing, [finding(JAN)], JAN)
    assert (again, told) == (standing, ())


def test_what_was_acknowledged_closes_after_three_quiet_months() -> None:
    standing, _ = rounds(["amber"])
    known = acknowledged(standing[0], "merger", "Ann", JAN).alarm
    _, told = month_passed([known], [], JAN + 2)
    assert told == ()
    (closed,), told = month_passed([known], [], JAN + 3)
    assert (closed.state, [change.kind for change in told]) == ("closed", ["closed"])
    assert closed.reason == "merger"


def test_what_was_acknowledged_and_gets_worse_is_raised_anew() -> None:
    standing, _ = rounds(["amber"])
    known = acknowledged(standing[0], "merger", "Ann", JAN).alarm
    (alarm,), told = month_passed([known], [finding(JAN + 1, "red")], JAN + 1)
    assert (alarm.state, [change.kind for change in told]) == ("raised", ["worse"])


def test_what_was_explained_is_the_new_level_from_its_month() -> None:
    standing, _ = rounds(["amber", "amber"])
    change = explained(standing[0], "policy change", "Ann", JAN + 1)
    assert new_levels([change.alarm]) == {("Legal", "total_files"): (JAN,), ("ALL", "total_files"): (JAN,)}
    assert not change.alarm.is_open
    assert month_passed([change.alarm], [], JAN + 2) == ((), ())


def test_data_that_was_mended_closes_its_alarm_and_a_scope_on_hold_is_not_quiet() -> None:
    (alarm,), _ = month_passed((), [finding(JAN, "red", "quality")], JAN)
    (closed,), told = month_passed([alarm], [], JAN)
    assert (closed.state, told[0].kind) == ("closed", "closed")
    (kept,), told = month_passed([alarm], [], JAN + 1, judged=["Sales"])
    assert (kept.state, told) == ("raised", ())


def test_a_training_closes_what_it_learned_from() -> None:
    standing, _ = rounds(["amber"])
    change = retrained(standing[0], "demo-v2", JAN + 1)
    assert (change.kind, change.alarm.state) == ("closed", "closed")
    assert "demo-v2" in change.alarm.reason


def test_a_reason_is_needed_and_a_settled_alarm_stays_settled() -> None:
    standing, _ = rounds(["amber"])
    with pytest.raises(DataError, match="reason"):
        acknowledged(standing[0], "  ", "Ann", JAN)
    with pytest.raises(DataError, match="settled"):
        explained(replace(standing[0], state="closed"), "late", "Ann", JAN)


# ── the whole ──────────────────────────────────────────────────────────────────────────────────────────────────────
GB = {"Legal": 100.0, "Sales": 900.0, "ALL": 1000.0}
CAN = {"inputs": True, "accuracy": True}


def whole(*findings: Finding) -> Overall:
    return overall(ranked(findings), GB, CAN)


def test_the_page_is_red_only_where_enough_gb_are_at_risk() -> None:
    small = replace(finding(JAN, "red"), stake=Stake(20, 0.25))
    large = replace(finding(JAN, "red"), stake=Stake(40, 0.66))
    assert whole(small).colour == "amber"
    assert whole(large).colour == "red"
    assert whole(finding(JAN, "amber")).colour == "green"
    assert whole(finding(JAN, "amber", scope="ALL")).colour == "amber"
    assert whole().colour == "green"


def test_data_comes_before_accuracy_before_inputs() -> None:
    faults = [finding(JAN, "red", signal) for signal in ("inputs", "accuracy", "quality")]
    assert [each.signal for each in ranked(faults)] == ["quality", "accuracy", "inputs"]


def test_what_cannot_be_told_is_grey_and_not_green() -> None:
    found = overall((), GB, {"inputs": False, "accuracy": False})
    assert (found.colour, found.inputs.colour, found.accuracy.colour) == ("grey", "grey", "grey")
    assert overall((), GB, {"inputs": True, "accuracy": False}).colour == "green"


# ── training and the model ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("trained", "signal", "why"),
    [
        (None, "inputs", "first"),
        (JAN - 3, "accuracy", "alarm"),
        (JAN - 2, "accuracy", "too soon"),
        (JAN - 3, "inputs", "fine"),
        (JAN - 12, "inputs", "year"),
    ],
)
def test_training_is_due_where_forecasts_are_off_or_a_year_has_passed(
    trained: np.datetime64 | None, signal: Signal, why: str
) -> None:
    due = retrain_due(trained, JAN, (finding(JAN, "red", signal),))
    assert (due.why, due.now) == (why, why in ("first", "alarm", "year"))


def test_the_same_model_answers_to_the_last_bit() -> None:
    answers = {"archived": np.array([1.0, 2.0])}
    made = {"numpy": "2.4"}
    frozen = Replay.of("v1", made, answers)
    assert differs(frozen, Replay.of("v1", made, answers)) == ""
    nudged = {"archived": np.array([1.0, np.nextafter(2.0, 3.0)])}
    assert differs(frozen, Replay.of("v1", made, nudged)) == "answers"
    assert differs(frozen, Replay.of("v1", {"numpy": "2.5"}, nudged)) == ""
    assert differs(frozen, Replay.of("v2", made, answers)) == "model"
    assert Replay.of_json(frozen.to_json()) == frozen
