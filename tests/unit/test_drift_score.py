"""The kept score: the chain, months scored and revised, misses that add up, invoices."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast_core.drift.chain import Link, broken, link
from forecast_core.drift.invoice import read_invoice
from forecast_core.drift.misses import (
    PARTS,
    Bill,
    BillLine,
    Estate,
    Factors,
    Moved,
    Parts,
    apart,
    bill_apart,
    gb_apart,
    together,
)
from forecast_core.drift.track import Actual, Said, news, score, scored
from forecast_core.errors import SchemaError
from forecast_core.money.cents import rounded

MARCH = np.datetime64("2027-03", "M")
amounts = st.floats(0, 1e9, allow_nan=False).map(lambda value: value if value > 1e-9 else 0.0)


# ── the chain ──────────────────────────────────────────────────────────────────────────────────────────────────────
def chain(count: int = 5) -> list[Link]:
    found: list[Link] = []
    for number in range(count):
        found.append(link({"gb": 40.0 + number, "scope": "Büro"}, found[-1] if found else None))
    return found


@pytest.mark.parametrize("change", ["content", "order", "missing", "sum", "inserted"])
def test_a_chain_that_was_touched_says_where(change: str) -> None:
    links = chain()
    assert broken(links) is None
    if change == "content":
        links[2] = replace(links[2], content=links[2].content.replace("42", "52"))
    if change == "order":
        links[2], links[3] = links[3], links[2]
    if change == "missing":
        del links[2]
    if change == "sum":
        links[2] = replace(links[2], sha256="0" * 64)
    if change == "inserted":
        links.insert(2, link({"gb": 1.0}, links[1]))
    where = broken(links)
    assert where is not None
    assert where <= 4


def test_a_link_that_was_made_anew_breaks_the_next_one() -> None:
    links = chain()
    links[2] = link({"gb": 99.0}, links[1])
    assert broken(links) == 4


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        link({"gb": math.nan}, None)


# ── months ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def said(issued: np.datetime64, month: np.datetime64, gb: float, number: int = 1) -> Said:
    return Said(number, "ALL", issued, month, gb, gb - 5, gb + 6, gb - 9, gb + 9)


def actual(month: np.datetime64, gb: float, revision: int = 0) -> Actual:
    return Actual("ALL", month, gb, math.nan, math.nan, math.nan, "data", "2027-04-01", revision)


def test_a_month_is_scored_against_what_was_said_last_before_it() -> None:
    told = [said(MARCH - 3, MARCH, 30, 1), said(MARCH - 1, MARCH, 46, 2), said(MARCH, MARCH, 47, 3)]
    (row,) = scored(told, [actual(MARCH, 47)])
    assert (row.said.number, row.inside, row.miss) == (2, True, 1)


def test_a_revised_actual_is_scored_anew_and_the_first_one_kept() -> None:
    before = [actual(MARCH, 47)]
    (revised,) = news(before, [actual(MARCH, 60)])
    assert revised.revision == 1
    assert news(before, [actual(MARCH, 47)]) == ()
    (row,) = scored([said(MARCH - 1, MARCH, 46)], [*before, revised])
    assert (row.inside, row.was_revised, row.first_known.archived_gb) == (False, True, 47)


def test_the_score_counts_the_last_year() -> None:
    months = [MARCH + step for step in range(15)]
    rows = scored([said(month - 1, month, 46) for month in months], [actual(month, 47) for month in months[:-3]])
    found = score(rows)
    assert (found.inside, found.months) == (12, 12)
    assert found.wape == pytest.approx(1 / 47)


# ── misses ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@given(st.tuples(*[amounts] * 4), st.tuples(*[amounts] * 4))
def test_the_parts_of_a_miss_add_up_to_the_last_digits(before: tuple[float, ...], after: tuple[float, ...]) -> None:
    expected, came = Factors(*before), Factors(*after)
    found = apart(expected, came)
    largest = max(abs(getattr(found, name)) for name in PARTS)
    assert found.total == pytest.approx(came.amount - expected.amount, rel=1e-12, abs=1e-14 * largest)


bills = st.one_of(st.just(0.0), st.floats(1, 1e4).map(lambda value: round(value, 4)))
volumes = st.floats(1, 100)


@given(st.lists(st.tuples(bills, bills, bills, bills), min_size=1, max_size=5), volumes, volumes)
def test_the_parts_of_a_bill_add_up_to_the_cent(
    lines: list[tuple[float, float, float, float]], said_gb: float, came_gb: float
) -> None:
    names = ("archive", "writes", "reads", "retrieval", "running")
    before = {name: BillLine(*line[:2]) for name, line in zip(names, lines, strict=False)}
    after = {name: BillLine(*line[2:]) for name, line in zip(names, lines, strict=False)}
    expected = Bill(Moved(said_gb, 10 * said_gb), Moved(said_gb, 10 * said_gb), before)
    came = Bill(Moved(came_gb, 12 * came_gb), Moved(came_gb, 12 * came_gb), after)
    parts = together(bill_apart(expected, came).values())
    miss = math.fsum(line.amount for line in after.values()) - math.fsum(line.amount for line in before.values())
    assert parts.total == pytest.approx(miss, abs=1e-12 * max(abs(getattr(parts, name)) for name in PARTS) + 1e-4)
    cents = [round(amount * 100) for amount in parts.in_cents().values()]
    assert sum(cents) == round(rounded(parts.total) * 100)


def test_a_part_that_did_not_change_has_no_share() -> None:
    found = apart(Factors(100, 2, 0.5, 3), Factors(120, 2, 0.5, 3))
    assert (found.mix, found.price, found.behaviour) == (0, 0, 0)
    assert found.volume == pytest.approx(60)


def test_more_files_of_the_same_kind_are_volume_larger_ones_are_mix_and_a_busier_archiver_is_behaviour() -> None:
    usual = Estate(100_000, 1.5, 10)
    more, larger, busier = Estate(120_000, 1.5, 12), Estate(100_000, 1.8, 12), Estate(100_000, 1.5, 12)
    assert [gb_apart(usual, came).largest for came in (more, larger, busier)] == ["volume", "mix", "behaviour"]
    for came in (more, larger, busier):
        assert gb_apart(usual, came).total == pytest.approx(2)


def test_where_the_stock_is_empty_the_miss_is_one_of_volume() -> None:
    assert gb_apart(Estate(0, 0, 0), Estate(100, 1, 5)) == Parts(5, 0, 0, 0)


GIB_EACH = 2.4 / 1024
OBJECTS = 53_819_565
STORED_GB = OBJECTS * GIB_EACH
FREQUENT, INFREQUENT, DAYS = 0.022, 0.0125, 365.2425 / 12


def test_a_saving_that_became_a_cost_is_a_miss_of_price_not_of_volume() -> None:
    """53.8 million objects in Intelligent-Tiering: the first 30 days are billed at the frequent price, 1.76 times."""
    monitoring = BillLine(OBJECTS, OBJECTS / 1000 * 0.0025)
    drivers = Moved(STORED_GB, OBJECTS)
    expected = Bill(
        drivers, drivers, {"archive": BillLine(STORED_GB, STORED_GB * INFREQUENT), "monitoring": monitoring}
    )
    came = Bill(drivers, drivers, {"archive": BillLine(STORED_GB, STORED_GB * FREQUENT), "monitoring": monitoring})
    before, after = (bill.lines["archive"].amount for bill in (expected, came))
    assert after / before == pytest.approx(1.76)
    assert (after + monitoring.amount) / before == pytest.approx(1.77, abs=0.11)
    parts = bill_apart(expected, came)
    assert parts["archive"] == Parts(0, 0, pytest.approx(after - before), 0)
    assert together(parts.values()).largest == "price"
    assert together(parts.values()).volume == 0


def test_the_same_surprise_told_by_two_meters_is_still_not_one_of_volume() -> None:
    rows = [
        row("Intelligent-Tiering Frequent Access, timed storage", STORED_GB, STORED_GB * FREQUENT),
        row("Intelligent-Tiering Infrequent Access, timed storage", 0, 0),
        row("Intelligent-Tiering monitoring", OBJECTS, 134.55, "objects"),
    ]
    paid = read_invoice(rows).paid
    lines = {each.line: BillLine(each.quantity, each.amount) for each in paid if each.quantity}
    drivers = Moved(STORED_GB, OBJECTS)
    expected = {"archive": BillLine(STORED_GB, STORED_GB * INFREQUENT), "monitoring": BillLine(OBJECTS, 134.55)}
    whole = together(bill_apart(Bill(drivers, drivers, expected), Bill(drivers, drivers, lines)).values())
    assert whole.volume == 0
    assert whole.price + whole.behaviour == pytest.approx(STORED_GB * (FREQUENT - INFREQUENT), rel=1e-4)


def test_more_reads_per_file_are_behaviour_and_smaller_files_are_mix() -> None:
    expected = Bill(Moved(100, 1000), Moved(100, 1000), {"reads": BillLine(500, 5), "writes": BillLine(1000, 10)})
    busier = Bill(Moved(100, 1000), Moved(100, 1000), {"reads": BillLine(1500, 15), "writes": BillLine(1000, 10)})
    smaller = Bill(Moved(100, 3000), Moved(100, 3000), {"reads": BillLine(1500, 15), "writes": BillLine(3000, 30)})
    assert together(bill_apart(expected, busier).values()).largest == "behaviour"
    found = together(bill_apart(expected, smaller).values())
    assert (found.largest, found.total) == ("mix", pytest.approx(30))


def test_a_bill_without_quantities_is_a_miss_of_price() -> None:
    drivers = Moved(100, 1000)
    expected = Bill(drivers, drivers, {"archive": BillLine(100, 2)})
    came = Bill(drivers, drivers, {"archive": BillLine(math.nan, 3)})
    assert bill_apart(expected, came)["archive"].price == pytest.approx(1)


# ── invoices ───────────────────────────────────────────────────────────────────────────────────────────────────────
def row(meter: str, quantity: float, amount: float, unit: str = "GB-month", **more: str) -> dict[str, str]:
    cells = {"month": "2027-03", "line": meter, "quantity": f"{quantity}", "unit": unit, "amount": f"{amount}"}
    return cells | {"currency": "USD"} | more


def focus(meter: str, day: str, quantity: str, unit: str, cost: str, **more: str) -> dict[str, str]:
    cells = {
        "BilledCost": cost,
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ChargePeriodStart": f"2027-03-{day}T00:00:00Z",
        "ConsumedQuantity": quantity,
        "ConsumedUnit": unit,
        "ServiceCategory": "Storage",
        "ServiceName": "Storage Accounts",
        "SubAccountName": "Archive",
        "x_SkuMeterName": meter,
    }
    return cells | more


def test_a_focus_export_is_summed_by_month_and_line() -> None:
    rows = [
        focus("Archive LRS Data Stored", "01", "310", "GB-Hours", "0.001"),
        focus("Archive LRS Data Stored", "02", "420", "GB-Hours", "0.002"),
        focus("Archive LRS Write Operations", "02", "3", "10K", "0.30"),
        focus("Archive Data Retrieval", "03", "12", "GB", "0.24"),
        focus("Archive LRS Data Stored", "03", "1", "GB-Hours", "9", ChargeCategory="Tax"),
        focus("Standard D2s", "03", "1", "Hours", "9", ServiceCategory="Compute"),
        focus("Something new", "03", "1", "Hours", "9"),
    ]
    found = read_invoice(rows)
    assert found.kind == "focus"
    assert [(each.line, round(each.quantity, 6), each.amount) for each in found.paid] == [
        ("archive", 1.0, 0.003),
        ("retrieval", 12.0, 0.24),
        ("writes", 30_000.0, 0.30),
    ]
    assert sum(found.left_out.values()) == 3
    assert any("Tax" in reason for reason in found.left_out)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount": "12,3"}, "no number"),
        ({"unit": "bushels"}, "unit"),
        ({"month": "March"}, "month"),
        ({"currency": "€"}, "currency"),
        ({"line": "miscellaneous"}, "meter"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_its_reason(change: dict[str, str], why: str) -> None:
    found = read_invoice([row("Archive data stored", 1, 1) | change, row("Archive data stored", 2, 2)])
    assert len(found.paid) == 1
    assert why in next(iter(found.left_out))


def test_only_what_was_asked_for_counts() -> None:
    rows = [row("Archive data stored", 1, 1, scope="Legal"), row("Archive data stored", 2, 2, scope="Sales")]
    assert [each.amount for each in read_invoice(rows, only="legal").paid] == [1]


def test_a_file_of_neither_form_says_what_is_missing() -> None:
    with pytest.raises(SchemaError, match="amount"):
        read_invoice([{"month": "2027-03", "line": "x", "quantity": "1", "unit": "GB", "currency": "USD"}])


def test_parts_have_names_and_an_order() -> None:
    assert PARTS == ("volume", "mix", "price", "behaviour")
