"""Numbers as the reader writes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.charts import money as bills
from app.charts import simulator
from app.charts.frame import money_axis
from app.painting import svg
from app.painting.axes import tick
from app.tables import flows, to_csv
from app.text import locale
from app.text.headline import headline
from app.text.money import exact
from app.text.numbers import count, money, money_range, price, significant, volume_range
from forecast_core import Scenario, Service

GERMAN, FRENCH, SWISS = (locale.LOCALES[tag] for tag in ("de-DE", "fr-FR", "de-CH"))


def test_amounts_and_ranges_in_german() -> None:
    with locale.using(GERMAN):
        assert significant(1234.5) == "1.230" and significant(0.04567) == "0,0457" and count(4.23e6) == "4,23 million"
        assert money(-4312) == "−4.310\xa0$" and money(3.5, "EUR") == "3,50\xa0€" and money(9, "CHF") == "9,00\xa0CHF"
        assert money_range(2412, 3890) == "2.400–3.900\xa0$" and money_range(-210, 90) == "−210 to 90\xa0$"
        assert price(0.0184) == "0,0184\xa0$" and exact(-1234.5, "EUR") == "−1.234,50\xa0€"
        assert volume_range(900, 1500) == "0,88–1,46 TB" and tick(1500.5) == "1.500"
        assert money_axis("USD") == {"ticksuffix": "\xa0$"}


def test_french_and_swiss() -> None:
    with locale.using(FRENCH):
        assert money(4312, "EUR") == "4\u202f310\xa0€" and significant(-2.5) == "−2,5"
    with locale.using(SWISS):
        assert money(4312) == "$4’310" and money(4312, "CHF") == "CHF 4’310" and significant(2.5) == "2.5"
    assert money(4312) == "$4,310", "back to English"


def test_nobody_looking_is_english_and_threads_do_not_mix() -> None:
    with locale.using(GERMAN), ThreadPoolExecutor(1) as pool:
        assert pool.submit(money, 4312.0).result() == "$4,310"
        assert money(4312) == "4.310\xa0$"


def test_pages_and_pictures_follow_and_csv_does_not(service: Service, unchanged: Scenario) -> None:
    answer = service.simulate(unchanged.with_values(archive_frequency_per_day=12_000.0))
    plain, english = to_csv(flows(answer)), headline(answer)
    report = service.money(unchanged, service.money_terms())
    with locale.using(GERMAN):
        assert to_csv(flows(answer)) == plain
        assert "12.000" in headline(answer) and locale.rewritten(english) == headline(answer)
        shown, waterfall = simulator.cumulative_money(answer), bills.waterfall(report)
        assert (
            shown
            and shown.figure["layout"]["separators"] == ",."
            and "tickprefix" not in waterfall.figure["layout"]["xaxis"]
        )
        assert waterfall.figure["layout"]["xaxis"]["ticksuffix"] == "\xa0$" and svg(waterfall).startswith(b"<?xml")
    assert "separators" not in simulator.flows(answer).figure["layout"]


@pytest.mark.parametrize(("sentence", "german"), [
    ("we expect 358 GB more freed and $857 more", "we expect 358 GB more freed and 857\xa0$ more"),
    ("1.44 TB in 24 months, $1,234.50 by Nov 2026.", "1,44 TB in 24 months, 1.234,50\xa0$ by Nov 2026."),
])  # fmt: skip
def test_a_kept_sentence_is_rewritten(sentence: str, german: str) -> None:
    assert locale.rewritten(sentence) == sentence
    with locale.using(GERMAN):
        assert locale.rewritten(sentence) == german
