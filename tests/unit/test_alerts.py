"""Telling people, against real receivers on this machine: each once, again where it did not arrive, no secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.alerting import channels
from forecast_core.alerts import (
    BACK_OFF_MINUTES,
    Channel,
    Insights,
    Mail,
    Message,
    RefusedError,
    TryAgainError,
    UnsureError,
    Webhook,
    send_due,
)
from forecast_core.errors import SettingsError
from forecast_core.settings import Settings
from forecast_core.store import ChangeRow, Store, Watching
from tests.sinks import HttpSink, MailSink, free_port, http_sink, mail_sink

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECRET = "T0P/B4R/s3cr3t"
KEY = "00000000-1111-2222-3333-444444444444"
ALERT = Message(
    "company/inputs/total_files/Legal@2027-02/raised",
    "New alarm (red): Legal, number of files",
    "Files are 1,200 instead of 900 <&>.",
    "red",
    {"Data set": "company", "Since": "Feb 2027"},
    "https://forecast.example/drift",
)


@pytest.fixture
def http() -> Iterator[HttpSink]:
    with http_sink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[MailSink]:
    with mail_sink() as sink:
        yield sink


def mailbox(port: int, **more: Any) -> Mail:
    return Mail("127.0.0.1", port, "forecast@company.example", ("a@x.example", "b@x.example"), security="none", **more)


# ── the three channels ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("form", ["slack", "teams", "plain"])
def test_a_webhook_gets_the_form_it_reads(http: HttpSink, form: str) -> None:
    Webhook(f"{http.address}/{SECRET}", form).send(ALERT)
    ((path, sent),) = http.posted
    assert path == f"/{SECRET}"
    if form == "slack":
        assert set(sent) == {"text"}
        assert "*New alarm (red): Legal, number of files*" in sent["text"]
        assert "&lt;&amp;&gt;" in sent["text"]
    if form == "teams":
        (card,) = [each["content"] for each in sent["attachments"]]
        assert (sent["type"], card["type"], card["body"][0]["color"]) == ("message", "AdaptiveCard", "attention")
        assert {"title": "Since", "value": "Feb 2027"} in card["body"][2]["facts"]
    if form == "plain":
        assert (sent["id"], sent["colour"]) == (ALERT.id, "red")


def test_an_application_insights_event_carries_the_facts(http: HttpSink) -> None:
    Insights(f"InstrumentationKey={KEY};IngestionEndpoint={http.address}/", lambda: NOON).send(ALERT)
    ((path, (envelope,)),) = http.posted
    data = envelope["data"]["baseData"]
    assert (path, envelope["iKey"], envelope["time"]) == ("/v2.1/track", KEY, "2027-03-01T12:00:00Z")
    assert (envelope["data"]["baseType"], data["name"]) == ("EventData", "archive_forecast_drift")
    assert data["properties"]["Since"] == "Feb 2027"
    assert KEY not in str(data)


def test_an_event_that_was_not_accepted_is_an_error(http: HttpSink) -> None:
    http.body = {"itemsReceived": 1, "itemsAccepted": 0, "errors": [{"statusCode": 400}]}
    with pytest.raises(RefusedError):
        Insights(f"InstrumentationKey={KEY};IngestionEndpoint={http.address}", lambda: NOON).send(ALERT)


def test_a_mail_has_an_id_that_is_the_same_when_the_same_is_told(mail: MailSink) -> None:
    for _ in range(2):
        mailbox(mail.port).send(ALERT)
    (receivers, first), (_, second) = mail.mails
    assert receivers == ["a@x.example", "b@x.example"]
    assert first["Subject"] == ALERT.title
    assert first["Message-ID"] == second["Message-ID"]
    assert "Files are 1,200 instead of 900" in first.get_content()


def test_a_title_cannot_add_headers_to_a_mail(mail: MailSink) -> None:
    mailbox(mail.port).send(Message("id", "One\r\nBcc: all@x.example", "text", "red"))
    ((_, text),) = mail.mails
    assert text["Bcc"] is None
    assert text["Subject"] == "One Bcc: all@x.example"


# ── what can go wrong ──────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("answer", "error"),
    [(500, TryAgainError), (429, TryAgainError), (404, RefusedError), (302, RefusedError), (0, UnsureError)],
)
def test_an_answer_decides_whether_it_is_tried_again(http: HttpSink, answer: int, error: type[Exception]) -> None:
    http.answers = [answer]
    with pytest.raises(error):
        Webhook(f"{http.address}/{SECRET}", "plain").send(ALERT)


def test_a_receiver_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(TryAgainError):
        Webhook(f"http://127.0.0.1:{free_port()}/{SECRET}", "plain").send(ALERT)
    with pytest.raises(TryAgainError):
        mailbox(free_port()).send(ALERT)


@pytest.mark.parametrize(
    ("refuses", "error"),
    [
        ({"MAIL": "451 later"}, TryAgainError),
        ({"RCPT": "550 nobody"}, RefusedError),
        ({"MAIL": "553 no"}, RefusedError),
    ],
)
def test_a_mail_server_says_now_or_never(mail: MailSink, refuses: dict[str, str], error: type[Exception]) -> None:
    mail.refuses = refuses
    with pytest.raises(error):
        mailbox(mail.port).send(ALERT)


def test_a_mail_server_that_breaks_off_after_the_content_may_have_it(mail: MailSink) -> None:
    mail.breaks = True
    with pytest.raises(UnsureError):
        mailbox(mail.port).send(ALERT)


# ── the outbox ─────────────────────────────────────────────────────────────────────────────────────────────────────
class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Watching]:
    store = Store.at(tmp_path)
    yield Watching(store)
    store.close()


def worded(body: Mapping[str, Any]) -> Message:
    return Message(f"company/{body['n']}", f"Alarm {body['n']}", "text", "red")


def put(outbox: Watching, names: tuple[str, ...], count: int = 1) -> None:
    outbox.settle("company", [], [ChangeRow(f"c{index}", {"n": index}) for index in range(count)], names, NOON)


def states(outbox: Watching) -> list[tuple[str, str]]:
    return [(each.channel, each.state) for each in outbox.deliveries("company")]


def test_each_change_goes_once_through_each_channel(outbox: Watching, http: HttpSink, mail: MailSink) -> None:
    ways: tuple[Channel, ...] = (Webhook(http.address, "plain"), mailbox(mail.port))
    put(outbox, ("webhook", "mail"), 3)
    put(outbox, ("webhook", "mail"), 3)  # the same round again
    assert send_due(outbox, ways, worded, Clock()) == {"sent": 6}
    assert send_due(outbox, ways, worded, Clock()) == {}
    assert sorted(sent["id"] for _, sent in http.posted) == ["company/0", "company/1", "company/2"]
    assert len(mail.mails) == 3


def test_what_did_not_arrive_is_tried_again_later_and_then_not_any_more(outbox: Watching, http: HttpSink) -> None:
    http.answers, clock = [503, 503, 200], Clock()
    put(outbox, ("webhook",))
    way = (Webhook(http.address, "plain"),)
    assert send_due(outbox, way, worded, clock) == {"waiting": 1}
    assert send_due(outbox, way, worded, clock) == {}
    clock.later(BACK_OFF_MINUTES[0])
    assert send_due(outbox, way, worded, clock) == {"waiting": 1}
    clock.later(BACK_OFF_MINUTES[1])
    assert send_due(outbox, way, worded, clock) == {"sent": 1}
    clock.later(10_000)
    assert send_due(outbox, way, worded, clock) == {}


def test_after_the_last_try_it_is_given_up_and_said(outbox: Watching, http: HttpSink) -> None:
    http.answers, clock = [500], Clock()
    put(outbox, ("webhook",))
    ends = []
    for _ in range(len(BACK_OFF_MINUTES) + 2):
        ends.append(send_due(outbox, (Webhook(http.address, "plain"),), worded, clock))
        clock.later(BACK_OFF_MINUTES[-1])
    assert ends[-2:] == [{"failed": 1}, {}]
    assert len(http.posted) == len(BACK_OFF_MINUTES) + 1
    assert "given up" in outbox.deliveries("company")[0].said


def test_what_may_have_arrived_is_not_sent_again(outbox: Watching, http: HttpSink) -> None:
    http.answers, clock = [0, 200], Clock()
    put(outbox, ("webhook",))
    assert send_due(outbox, (Webhook(http.address, "plain"),), worded, clock) == {"unsure": 1}
    clock.later(10_000)
    assert send_due(outbox, (Webhook(http.address, "plain"),), worded, clock) == {}
    assert len(http.posted) == 1


def test_a_sender_that_died_midway_does_not_double_its_message(outbox: Watching, http: HttpSink) -> None:
    clock = Clock()
    put(outbox, ("webhook",))
    assert outbox.claim(clock(), clock() + timedelta(minutes=5)) is not None  # and dies here
    assert send_due(outbox, (Webhook(http.address, "plain"),), worded, clock) == {}
    clock.later(6)
    assert send_due(outbox, (Webhook(http.address, "plain"),), worded, clock) == {}
    assert (states(outbox), http.posted) == ([("webhook", "unsure")], [])


def test_nothing_that_is_kept_or_logged_names_a_secret(
    outbox: Watching, http: HttpSink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http.answers = [403]
    put(outbox, ("webhook", "mail"))
    ways: tuple[Channel, ...] = (
        Webhook(f"{http.address}/{SECRET}", "plain"),
        mailbox(free_port(), user="me", password=SECRET),
    )
    send_due(outbox, ways, worded, Clock())
    kept = " ".join(each.said for each in outbox.deliveries("company"))
    own = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("forecast_core"))
    assert kept
    assert SECRET not in kept + own + repr(ways[1])


# ── settings ───────────────────────────────────────────────────────────────────────────────────────────────────────
def settings(**named: str) -> Settings:
    return Settings.load({f"ARCHIVE_FORECAST_{name.upper()}": value for name, value in named.items()})


def test_channels_are_those_that_were_set_up() -> None:
    assert channels(settings()) == ()
    found = channels(
        settings(
            alert_webhook=f"https://hooks.slack.com/services/{SECRET}",
            alert_mail_to="a@x.example, b@x.example",
            alert_mail_from="forecast@x.example",
            smtp_host="mail.x.example",
        )
    )
    assert [channel.name for channel in found] == ["webhook", "mail"]


def test_half_a_setting_is_refused_and_secrets_are_not_shown() -> None:
    with pytest.raises(SettingsError, match="mail server"):
        channels(settings(alert_mail_to="a@x.example"))
    with pytest.raises(SettingsError, match="encryption"):
        channels(
            settings(alert_mail_to="a@x.example", alert_mail_from="f@x.example", smtp_host="h", smtp_user="u",
                     smtp_security="none")
        )  # fmt: skip
    with pytest.raises(SettingsError) as refused:
        settings(alert_webhook=SECRET)
    assert SECRET not in str(refused.value)
    assert SECRET not in repr(settings(smtp_password=SECRET, alert_webhook=f"https://x.example/{SECRET}"))
