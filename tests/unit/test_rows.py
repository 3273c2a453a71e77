"""Rows of the published contract: the champion's own numbers, faults by name, the mean of scopes said aloud."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast_core import FEATURES, ModelError, Row, RowsError, Service
from tests.builders import history
from tests.conftest import Ask


def standing(service: Service, dataset_id: str, scope: str) -> Row:
    """Return the last row of a scope as it is in the history."""
    rows = service.dataset(dataset_id).history.frame
    last = rows[rows["scope"] == scope].iloc[-1]
    return Row(month=f"{last['month']:%Y-%m}", scope=scope, **{name: float(last[name]) for name in FEATURES})


@pytest.mark.parametrize("name", ["demo", "sound", "calendar", "one_scope"])
def test_where_a_scope_stands_is_what_the_forecast_says(ask: Ask, name: str) -> None:
    asked = ask(name)
    service, dataset = asked.service, asked.known.dataset_id
    scopes = [scope for scope in service.scopes(dataset) if scope != "ALL"]
    found = service.rows.predict(dataset, [standing(service, dataset, scope) for scope in scopes])
    for scope, row in zip(scopes, found.rows, strict=True):
        outlook = service.forecast(dataset, scope, 1)
        assert row.scope == scope and row.month == outlook.months[0]
        said = (row.archived.point, row.archived.lower, row.archived.upper)
        assert said == (outlook.archived.point[0], outlook.archived.lower[0], outlook.archived.upper[0])
        assert row.savings is not None and outlook.savings is not None
        assert row.savings.point == outlook.savings.point[0]
        assert row.trust.colour == "green"


def test_a_moved_row_is_what_a_moved_lever_says(ask: Ask) -> None:
    asked = ask("demo", "Legal")
    moved = asked.base.with_values(horizon_months=1, archive_frequency_per_day=1200)
    answer = asked.service.simulate(moved)
    row = replace(standing(asked.service, "demo", "Legal"), archive_frequency_per_day=1200.0)
    found = asked.service.rows.predict("demo", [row]).rows[0]
    assert found.archived.point == pytest.approx(answer.archived.scenario.point[0], rel=1e-4)
    assert found.archived.lower == pytest.approx(answer.archived.scenario.lower[0], rel=1e-3)
    assert found.trust.colour == answer.trust.colour


def test_order_and_company_change_nothing(ask: Ask) -> None:
    service = ask().service
    base = standing(service, "demo", "Sales")
    rows = [
        replace(base, scope=scope, month=month, archive_frequency_per_day=100.0 * (1 + place))
        for place, (scope, month) in enumerate(
            [("Sales", "2026-10"), ("", "2027-01"), ("Legal", "2026-10"), ("", "2026-10")]
        )
    ]
    alone = [service.rows.predict("demo", [row]).rows[0] for row in rows]
    assert list(service.rows.predict("demo", rows).rows) == alone
    assert list(service.rows.predict("demo", rows[::-1]).rows) == alone[::-1]


def test_without_a_scope_the_mean_of_scopes_answers_and_says_so(ask: Ask) -> None:
    service = ask().service
    row = replace(standing(service, "demo", "Sales"), scope="")
    found = service.rows.predict("demo", [row])
    scopes = [scope for scope in service.scopes("demo") if scope != "ALL"]
    each = service.rows.predict("demo", [replace(row, scope=scope) for scope in scopes])
    points = [one.archived.point for one in each.rows]
    mean = found.rows[0]
    assert mean.scope == "" and "mean of the 8 scopes" in found.notes[0]
    assert mean.archived.point == pytest.approx(np.mean(points))
    assert mean.archived.upper - mean.archived.lower > 0.5 * (max(points) - min(points)), "the band of any one of them"


@pytest.mark.parametrize("scope", ["", "Legal"])
def test_more_files_a_day_never_archive_less(ask: Ask, scope: str) -> None:
    service = ask().service
    base = standing(service, "demo", "Legal")
    rows = [replace(base, scope=scope, archive_frequency_per_day=float(rate)) for rate in range(0, 4000, 200)]
    found = service.rows.predict("demo", rows).rows
    points = np.array([one.archived.point for one in found])
    assert (np.diff(points) >= 0).all() and points[0] < 1e-6
    assert all(one.archived.lower <= one.archived.point <= one.archived.upper for one in found)
    assert all(one.savings is not None and one.savings.point <= one.archived.point for one in found)


def test_far_from_what_was_seen_is_red_and_says_why(ask: Ask) -> None:
    service = ask().service
    row = standing(service, "demo", "Legal")
    far = [replace(row, scope=scope, total_files=row.total_files * 50) for scope in ("Legal", "")]
    for one in service.rows.predict("demo", far).rows:
        assert one.trust.colour == "red" and one.trust.reason.startswith("Files on primary would be ")


def test_every_fault_of_every_row_is_named(ask: Ask) -> None:
    service = ask().service
    row = standing(service, "demo", "Legal")
    bad = [
        replace(row, month="2026-13"),
        replace(row, pct_pdf=0.9, pct_docx=0.2),
        replace(row, scope="Nowhere", total_files=float("nan")),
    ]
    with pytest.raises(RowsError) as caught:
        service.rows.predict("demo", bad)
    named = [(fault.row, fault.field) for fault in caught.value.faults]
    assert named == [(0, "month"), (1, "pct_pdf+pct_docx+pct_xlsx"), (2, "total_files"), (2, "scope")]
    assert "one of Engineering, Finance" in caught.value.faults[-1].rule
    with pytest.raises(RowsError, match="1 to 10000"):
        service.rows.predict("demo", [])


def test_what_the_data_never_measured_is_not_used_and_said(ask: Ask) -> None:
    asked = ask("no_stock")
    service, dataset = asked.service, asked.known.dataset_id
    row = Row("2026-10", 1000, 2, 0.3, 0.2, 0.1, 50, service.scopes(dataset)[1])
    found = service.rows.predict(dataset, [row, replace(row, total_files=5e6)])
    assert found.rows[0].archived == found.rows[1].archived and found.rows[0].trust.colour == "amber"
    assert any("no total_files, avg_file_size_mb" in note for note in found.notes)
    bare = ask("no_savings")
    one = bare.service.rows.predict(bare.known.dataset_id, [replace(row, scope="")]).rows[0]
    assert one.savings is None


def test_a_scope_without_files_is_refused(ask: Ask) -> None:
    asked = ask("emptied")
    row = Row("2026-10", 1000, 2, 0.3, 0.2, 0.1, 50, "Empty")
    assert "Empty" in history("emptied").scopes
    with pytest.raises(ModelError, match="no files today"):
        asked.service.rows.predict(asked.known.dataset_id, [row])
