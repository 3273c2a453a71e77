"""The kept score and the alarms of a company whose data comes month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import update

from app.text import alerts, drift, drift_tables
from forecast_core import ALL, Author, Outcome, Service, baseline
from forecast_core.errors import ConflictError, DataError, NotFoundError
from forecast_core.history import History
from forecast_core.service.keeping import Asked
from forecast_core.service.watch.replay import replay
from forecast_core.service.watch.rounds import Round
from forecast_core.sources import DataSet, Workspace
from forecast_core.store import Line, Store
from forecast_core.store.watch_tables import link
from tests.builders import estate

NAME = "company"
ANN = Author("Ann", datetime(2026, 11, 2, 9, tzinfo=UTC))
BOB = Author("Bob", datetime(2026, 11, 3, 9, tzinfo=UTC))
AUGUST, OCTOBER = np.datetime64("2026-08", "M"), np.datetime64("2026-10", "M")
LEGAL_FILES = "inputs/total_files/Legal"


def rows(until: np.datetime64, *, jump: bool = False, revised: bool = False) -> pd.DataFrame:
    """Return the company's history up to a month; Legal takes in a department in October, September is revised."""
    made = estate(months=38).astype({"total_files": float})
    month = made["month"].to_numpy().astype("datetime64[M]")
    legal = (made["scope"] == "Legal").to_numpy()
    if jump:
        made.loc[legal & (month == OCTOBER), "total_files"] *= 1.6
    if revised:
        made.loc[legal & (month == OCTOBER - 1), ["archived_gb", "savings_gb"]] *= 0.9
    return made[month <= until]


def keep(folder: Path, frame: pd.DataFrame, content: str) -> str:
    """Put this month's file of the company into the workspace; every month is a data set of the same name."""
    about = DataSet(NAME, "upload", content_id=content, saved_at=f"2026-11-{len(content):02}")
    return Workspace(folder).save(History.of(frame).frame, about).id


def worded(change: alerts.StateChange, subject: str) -> alerts.Message:  # type: ignore[name-defined]
    return alerts.message(change, subject)


class Company:
    """A service and the company's data sets of three months."""

    def __init__(self, folder: Path) -> None:
        self.service = Service(folder, np.datetime64("2026-11", "M"))
        self.august = keep(folder, rows(AUGUST), "a")
        self.september = keep(folder, rows(OCTOBER - 1), "bb")
        self.october = keep(folder, rows(OCTOBER, jump=True, revised=True), "ccc")

    def go(self, dataset_id: str, who: Author = ANN) -> Round:
        return self.service.watch.go(dataset_id, who, worded)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Return the company, each data set learned once."""
    return Company(tmp_path_factory.mktemp("company"))


@pytest.fixture
def company(learned: Company, tmp_path: Path) -> Iterator[Company]:
    """Return the company with nothing kept yet."""
    learned.service.store = Store.at(tmp_path)
    learned.service.__dict__.pop("watch", None)
    learned.service.__dict__.pop("kept", None)
    yield learned
    learned.service.store.close()


# ── the score ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_forecast_is_frozen_once_and_scored_when_its_month_has_come(company: Company) -> None:
    watch = company.service.watch
    assert watch.freeze(company.august, ANN.at) == 1
    assert watch.freeze(company.august, BOB.at) == 0
    assert company.go(company.september).actuals
    view = watch.view(company.september, ALL)
    (row,) = view.track.rows
    assert (row.said.issued, row.said.month, row.said.ahead) == (AUGUST, AUGUST + 1, 1)
    history = company.service.dataset(company.september).history
    assert row.actual.archived_gb == pytest.approx(history.grid("archived_gb")[:, -1].sum())
    parts = view.track.parts[str(row.said.month)]
    assert parts.total == pytest.approx(row.miss)
    assert parts.price == 0
    assert view.track.frozen[-1]
    assert not view.track.frozen[:-1].any()
    assert "We predicted" in drift.track(view.track)


def test_a_forecast_says_what_the_forecast_page_said(company: Company) -> None:
    watch = company.service.watch
    watch.freeze(company.august, ANN.at)
    company.go(company.september)
    for scope in (ALL, "Legal"):
        said = watch.view(company.september, scope).track.rows[0].said
        shown = company.service.forecast(company.august, scope, 12).archived
        assert said.archived_gb == pytest.approx(shown.point[0])
        assert said.lower90 <= said.lower <= said.archived_gb <= said.upper <= said.upper90
        assert said.upper - said.lower == pytest.approx(shown.upper[0] - shown.lower[0], rel=0.35)


def test_an_actual_that_was_revised_is_scored_anew_and_both_are_shown(company: Company) -> None:
    company.go(company.august)
    company.go(company.september)
    done = company.go(company.october)
    assert {actual.revision for actual in done.actuals if actual.month == OCTOBER - 1} == {1}
    row = company.service.watch.view(company.october, "Legal").track.rows[0]
    assert row.was_revised
    assert row.actual.archived_gb == pytest.approx(0.9 * row.first_known.archived_gb)


def test_a_record_that_somebody_changed_in_the_database_is_noticed(company: Company) -> None:
    for dataset_id in (company.august, company.september):
        company.go(dataset_id)
    with company.service.store.transaction() as connection:
        content = company.service.watch._rows.links()[0].content
        changed = content.replace('"horizon":12', '"horizon":13')
        connection.execute(update(link).where(link.c.number == 1).values(content=changed))
    view = company.service.watch.view(company.september, ALL)
    assert view.chain_broken == 1
    assert "was changed" in drift.chain(view)


def test_what_came_can_be_typed_in_and_the_data_has_the_last_word(company: Company) -> None:
    watch = company.service.watch
    watch.freeze(company.august, ANN.at)
    assert watch.view(company.august, "Legal").open_months[0] == AUGUST + 1
    watch.type_in(company.august, "Legal", AUGUST + 1, 4.5, ANN)
    (row,) = watch.view(company.september, "Legal").track.rows
    assert (row.actual.archived_gb, row.actual.source) == (4.5, "typed")
    company.go(company.september)
    (row,) = watch.view(company.september, "Legal").track.rows
    assert (row.actual.source, row.first_known.archived_gb) == ("data", 4.5)
    with pytest.raises(DataError, match="forecast"):
        watch.type_in(company.august, "Legal", AUGUST - 30, 1.0, ANN)
    with pytest.raises(DataError, match="number"):
        watch.type_in(company.august, "Legal", AUGUST + 2, -1.0, ANN)


INVOICE = """month,line,quantity,unit,amount,currency
2026-09,Archive LRS Data Stored,{gb},GB-month,{amount},USD
2026-09,Archive LRS Write Operations,3,10k,0.30,USD
2026-09,Something else,1,GB,9,USD
"""


def test_a_decision_is_held_against_its_invoice_and_the_parts_add_up_to_the_cent(company: Company) -> None:
    service, watch = company.service, company.service.watch
    known = service.ranges(company.august, ALL)
    asked = Asked(
        baseline(known).with_values(archive_frequency_per_day=2 * known.baseline_values()["archive_frequency_per_day"])
    )
    kept = service.kept.keep("Twice as often", asked, "doubled", "", ANN)
    service.kept.decide(kept.id, kept.edition, kept.version.number, ANN)
    assert company.go(company.august).frozen == 2
    company.go(company.september)
    (row,) = watch.view(company.september, ALL).decided
    assert row.actual_cost != row.actual_cost  # no invoice yet
    invoice = INVOICE.format(gb=f"{row.actual_gb:.3f}", amount="1.23").encode()
    found = watch.inspect_invoice("september.csv", invoice)
    assert sum(found.left_out.values()) == 1
    for _ in range(2):
        watch.keep_invoice(company.september, "september.csv", invoice, "", ANN)
    (row,) = watch.view(company.september, ALL).decided
    assert row.actual_cost == pytest.approx(1.53)
    assert row.parts is not None
    cents = row.parts.in_cents()
    assert round(sum(cents.values()), 2) == round(row.actual_cost - row.expected_cost, 2)
    assert drift_tables.decided(watch.view(company.september, ALL))["Paid"] == ["$1.53"]
    later = INVOICE.format(gb=f"{row.actual_gb:.3f}", amount="2.00").encode()
    watch.keep_invoice(company.september, "corrected.csv", later, "", BOB)
    assert watch.view(company.september, ALL).decided[0].actual_cost == pytest.approx(2.30)


def test_an_invoice_without_a_line_that_can_be_used_is_refused(company: Company) -> None:
    rubbish = b"month,line,quantity,unit,amount,currency\n2026-09,miscellaneous,1,GB,9,USD\n"
    with pytest.raises(DataError, match="no line"):
        company.service.watch.keep_invoice(company.august, "x.csv", rubbish, "", ANN)


# ── alarms ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_jump_is_named_with_its_month_and_what_it_moves(company: Company) -> None:
    view = company.service.watch.view(company.october, ALL)
    worst = view.overall.worst
    assert worst is not None
    assert (worst.scope, worst.what, worst.colour, view.overall.colour) == ("Legal", "total_files", "red", "red")
    assert worst.change == pytest.approx(0.6, abs=0.06)
    assert (view.since[worst.key], view.shown_scope) == (OCTOBER, "Legal")
    assert worst.stake.gb > 0
    sentence = drift.headline(view)
    assert "number of files in Legal" in sentence
    assert "Oct 2026" in sentence
    assert "higher" in drift.below(view)
    assert "no training is needed" in drift.below(view)


def test_the_months_before_were_quiet(company: Company) -> None:
    for month in (AUGUST, OCTOBER - 1):
        view = company.service.watch.view(company.october, ALL, month)
        assert not [each for each in view.findings if each.scope == "Legal" and each.what == "total_files"]
    with pytest.raises(NotFoundError):
        company.service.watch.view(company.october, ALL, OCTOBER + 1)


def test_a_round_raises_and_tells_once(company: Company) -> None:
    company.go(company.september)
    first, second = company.go(company.october), company.go(company.october, BOB)
    assert LEGAL_FILES in {change.alarm.key for change in first.changes if change.kind == "raised"}
    assert second.changes == ()
    view = second.view
    assert len([each for each in view.told if each.alarm.key == LEGAL_FILES]) == 1
    assert next(row for row in view.scopes if row.scope == "Legal").alarm is not None


def test_what_was_meant_becomes_the_new_level(company: Company) -> None:
    company.go(company.october)
    watch = company.service.watch
    watch.act(company.october, LEGAL_FILES, "explain", "the Geneva office moved in", BOB)
    view = watch.view(company.october, ALL)
    assert LEGAL_FILES not in {each.key for each in view.findings}
    assert company.go(company.october, BOB).changes == ()
    told = view.told[0]
    assert (told.kind, told.alarm.reason, told.alarm.by) == ("explained", "the Geneva office moved in", "Bob")


def test_what_was_only_found_can_be_acknowledged_too(company: Company) -> None:
    watch = company.service.watch
    alarm = watch.act(company.october, LEGAL_FILES, "acknowledge", "known", ANN)
    assert (alarm.state, watch.view(company.october, ALL).scopes[0].alarm) == ("acknowledged", alarm)
    assert "Known: known" in drift_tables.scopes(watch.view(company.october, ALL))["What to do"]
    with pytest.raises(NotFoundError):
        watch.act(company.october, "inputs/pct_pdf/Sales", "acknowledge", "known", ANN)


def test_two_people_cannot_settle_one_alarm_each_in_their_own_way(company: Company) -> None:
    company.go(company.october)
    watch = company.service.watch
    row = next(row for row in watch._rows.alarms(NAME) if row.key == LEGAL_FILES)
    watch.act(company.october, LEGAL_FILES, "acknowledge", "known", ANN)
    with pytest.raises(ConflictError):
        watch._rows.settle(NAME, [row], [], (), BOB.at)


def test_a_unit_that_was_mixed_up_is_no_drift_and_holds_the_forecast_of_its_scope(
    company: Company, tmp_path: Path
) -> None:
    frame = rows(OCTOBER)
    here = (frame["scope"] == "Legal") & (frame["month"] == pd.Timestamp("2026-10-01"))
    frame.loc[here, "avg_file_size_mb"] *= 1024
    service = Service(tmp_path, np.datetime64("2026-11", "M"))
    view = service.watch.view(keep(tmp_path, frame, "d"), ALL)
    assert [(each.signal, each.what) for each in view.findings if each.scope == "Legal"] == [
        ("quality", "unit:avg_file_size_mb")
    ]
    assert "1,024 times the usual value" in drift.headline(view)
    assert view.overall.data.colour == "red"
    assert "on hold" in drift.below(view)


# ── the loop ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_people_say_is_kept_beside_the_forecast(company: Company) -> None:
    watch = company.service.watch
    watch.say(company.october, "Legal", "wrong", "the office closes in December", ANN)
    (said,) = watch.view(company.october, ALL).feedback
    assert (said.verdict, said.by, said.issued) == ("wrong", "Ann", "2026-10")
    with pytest.raises(DataError, match="wrong"):
        watch.say(company.october, "Legal", "wrong", " ", ANN)
    with pytest.raises(DataError, match="verdict"):
        watch.say(company.october, "Legal", "perhaps", "", ANN)


def test_a_model_that_answers_otherwise_than_when_it_was_put_there_is_named(company: Company) -> None:
    watch = company.service.watch
    watch.freeze_replay(company.october, ANN.at, ANN.name)
    assert watch.replayed(company.october) == ""
    now = replay(company.service.learned(company.october))
    then = replace(now, sha256="0" * 64)  # what it said when it was put there was something else
    watch._rows.write(NAME, [Line("replay", "then", ANN.at, ANN.name, {"replay": then.to_json()})])
    assert watch.replayed(company.october) == "answers"
    worst = watch.view(company.october, ALL).overall.worst
    assert worst is not None
    assert (worst.signal, worst.colour) == ("integrity", "red")
    assert "frozen questions" in drift.headline(watch.view(company.october, ALL))


def test_training_is_done_when_it_is_due_and_settles_what_it_learned_from(company: Company) -> None:
    asked = []

    def trainer() -> Outcome:
        asked.append(company.october)
        return Outcome(company.october, "v1", "Stock and flow", "v2", "the challenger is put forward", "")

    done = company.service.watch.go(company.october, ANN, worded, (), trainer)
    assert (done.due.why, len(asked), done.proposed) == ("first", 1, "v2")
    assert [change.kind for change in done.changes if change.alarm.key == LEGAL_FILES] == ["raised", "closed"]
    assert "put forward" in alerts.summary(done)
    again = company.go(company.october, BOB)
    assert [change for change in again.changes if change.alarm.key == LEGAL_FILES] == []


def test_an_empty_store_is_no_reason_not_to_answer(company: Company, tmp_path: Path) -> None:
    company.service.store = Store.at(tmp_path / "file")
    (tmp_path / "file").write_text("not a folder")
    company.service.__dict__.pop("watch", None)
    assert company.service.watch.remember(company.october, ANN.at) == 0
    assert company.service.forecast(company.october, ALL, 12).archived.point.sum() > 0


def test_too_little_history_says_when_checks_begin(tmp_path: Path) -> None:
    frame = estate(["Young"], 12)
    frame = frame[frame["month"] < frame["month"].unique()[11]]
    service = Service(tmp_path, np.datetime64("2026-11", "M"))
    dataset_id = keep(tmp_path, frame, "e")
    info = service.dataset(dataset_id).info
    view = service.watch.view(dataset_id, "Young", info.first_month + 3)
    assert (view.overall.colour, view.overall.inputs.colour) == ("grey", "grey")
    assert "history: changes cannot be judged yet" in drift.headline(view)
    assert "Only 3 months" in drift.headline(view)


def test_a_report_says_everything_a_page_does(company: Company) -> None:
    company.go(company.september)
    text = alerts.report(company.go(company.october))
    for said in ("Is it still true?", "number of files", "New alarm (red): Legal", "Forecast and actual", "frozen"):
        assert said in text
