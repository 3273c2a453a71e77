"""Published worked examples of storage costs, to the cent, from their inputs through the public money engine.

Where a source is wrong, the test says so in its name.
"""

from __future__ import annotations

import numpy as np
import pytest

from forecast_core.money import (
    Ledger,
    Meter,
    Moved,
    PriceBook,
    Setting,
    Terms,
    bill,
    early_deletion_gb_months,
    least_size_bytes,
    meters,
    months_to_pay_back,
    sharepoint_bill,
)
from forecast_core.money.thresholds import crossing
from forecast_core.sources.prices import read_price_books

SHIPPED = PriceBook.of(read_price_books())
MB_BLOCK_WRITES = 641


def _book(tiers: dict[str, dict[str, float]], rules: dict[str, dict[str, int]] | None = None) -> PriceBook:
    """Return a book of one provider with the prices of an article: operations per 10,000, GB as given."""
    origin = {"source": "the article", "read": "2022-10", "confidence": "high"}
    offers = [
        {
            "id": name, "title": name, "tier": name, "roles": ["primary", "archive"], **origin,
            "default_for": ["primary", "archive"] if index == 0 else [],
            "prices": [{"item": item, "value": value} for item, value in prices.items()],
        }
        for index, (name, prices) in enumerate(tiers.items())
    ]  # fmt: skip
    units = {"stored": "GiB-month", "write": "10k operations", "read": "10k operations", "retrieval": "GiB"}
    tier_rules = {name: (rules or {}).get(name, {}) for name in tiers}
    return PriceBook.of([{"provider": "p", "currency": "USD", "units": units, "tiers": tier_rules, "offers": offers}])


# ── A: archive cost article ────────────────────────────────────────────────────────────────────────────────────────
ARTICLE_A = _book(
    {
        "archive": {"stored": 0.00099, "write": 0.10, "read": 5.00, "retrieval": 0.02},
        "cool": {"stored": 0.0152, "write": 0.10, "read": 0.01, "retrieval": 0.01},
        "priority": {"stored": 0.00099, "write": 0.10, "read": 50.00, "retrieval": 0.10},
    }
)


def _written(tier: str, files: float, gb: float, months: int, every_month: bool, read_ratio: float) -> Ledger:
    """Price files that are written once or every month, of which a share of the stock is read each month."""
    flow = np.ones((1, months)) if every_month else np.eye(1, months)
    calendar = np.arange(np.datetime64("2022-10", "M"), np.datetime64("2022-10", "M") + months)
    terms = Terms("cool", tier, "2022-10", read_ratio_per_month=read_ratio)
    setting = Setting.of(calendar, np.zeros(months), terms, ARTICLE_A)
    nothing = 0 * flow
    flows = Moved(nothing, gb * flow, files * flow, nothing, nothing)
    return bill(meters(flows, setting), calendar, "USD").row(0)


def _total(ledger: Ledger, *lines: str) -> float:
    return -float(sum(ledger.amount(line).sum() for line in lines or ledger.names))


def test_a1_one_time_backup() -> None:
    year = _written("archive", 2e6, 102_400, 12, every_month=False, read_ratio=0.01)
    assert _total(year, "writes") == pytest.approx(20.00, abs=0.005)
    assert _total(year, "archive") == pytest.approx(1_216.51, abs=0.005)
    assert _total(year, "reads", "retrieval") == pytest.approx(365.76, abs=0.005)
    assert year.paid.round(2).tolist() == [151.86] + 11 * [131.86]
    assert round(year.paid.sum(), 2) == 1_602.27


def test_a2_continuous_tiering_where_the_source_misprints_39720_for_30720_gb() -> None:
    year = _written("archive", 2e5, 10_240, 12, every_month=True, read_ratio=0.01)
    assert next(line.quantity for line in year.lines if line.name == "archive")[2] == 30_720
    assert year.paid[:3].round(2).tolist() == [15.19, 28.37, 41.56]
    parts = [_total(year, "writes"), _total(year, "archive"), _total(year, "reads", "retrieval")]
    assert [round(part, 2) for part in parts] == [24.00, 790.73, 237.74]
    # The parts as printed add up to 1,052.47; the exact sum rounds to the printed total.
    assert year.paid.sum() == pytest.approx(1_052.48, abs=0.005)


@pytest.mark.parametrize(
    ("files", "tier", "parts", "total"),
    [
        (2e5, "archive", (2.00, 10.14, 30.48), 42.62),
        (2e5, "cool", (2.00, 155.65, 10.26), 167.91),
        (1e6, "archive", (10.00, 10.14, 70.48), 90.62),
        (1e6, "cool", (10.00, 155.65, 10.34), 175.99),
    ],
    ids=["A3 archive", "A3 cool", "A4 archive", "A4 cool"],
)
def test_a3_a4_archive_or_cool_for_a_month(files: float, tier: str, parts: tuple[float, ...], total: float) -> None:
    month = _written(tier, files, 10_240, 1, every_month=False, read_ratio=0.10)
    found = [_total(month, "writes"), _total(month, "archive"), _total(month, "reads", "retrieval")]
    assert [round(part, 2) for part in found] == list(parts)
    assert round(month.paid.sum(), 2) == total


def test_a5_break_even_share_read_where_the_source_says_at_or_around_25_percent() -> None:
    def dearer(read_ratio: float) -> float:
        archive, cool = (_written(tier, 1e6, 10_240, 1, False, read_ratio) for tier in ("archive", "cool"))
        return float(archive.paid.sum() - cool.paid.sum())

    assert round(crossing(dearer, 0, 1) or 0, 3) == 0.242


def test_a_high_priority_costs_ten_and_five_times_as_much() -> None:
    month = _written("priority", 1e6, 10_240, 1, every_month=False, read_ratio=0.10)
    assert round(_total(month, "reads"), 2) == 500.00
    assert round(_total(month, "retrieval"), 2) == 102.40


# ── B: lifecycle article ───────────────────────────────────────────────────────────────────────────────────────────
ARTICLE_B = _book(
    {
        "hot": {"stored": 0.0208, "write": 0.055, "read": 0.0044},
        "cool": {"stored": 0.0115, "write": 0.10, "read": 0.01, "retrieval": 0.01},
    },
    {"cool": {"minimum_days": 30}},
)
B_MONTHS = np.arange(np.datetime64("2024-01", "M"), np.datetime64("2024-05", "M"))


def _lifecycle(retrieval: bool) -> Ledger:
    hot, cool = ARTICLE_B.offer("hot"), ARTICLE_B.offer("cool")
    back = np.array([0, 100, 105, 107.75])
    early = early_deletion_gb_months(np.array([0, 0, 0, 107.75]) * 5, days_left=10)
    used = [
        Meter("primary_writes", np.full(4, 1_000.0 * MB_BLOCK_WRITES), hot, "write"),
        Meter("writes", np.array([0, 1_000, 1_050, 1_077.5]), cool, "write"),
        Meter("reads", 2 * back, cool, "read"),
        Meter("archive", np.array([0, 4_500, 4_725, 4_848.75]), cool, "stored"),
        Meter("early", early, cool, "stored"),
        Meter("primary_paid", np.array([5_000, 5_500, 5_775, 5_926.25]), hot, "stored"),
        Meter("primary_reads", np.array([500, 550, 577.5, 592.625]), hot, "read"),
    ]
    if retrieval:
        used.append(Meter("retrieval", 5 * back, cool, "retrieval"))
    return bill(used, B_MONTHS, "USD")


def test_b_lifecycle_without_retrieval_where_the_source_prints_178_00_in_march_and_182_57_in_april() -> None:
    ledger = _lifecycle(retrieval=False)
    assert ledger.paid.round(2).tolist() == [107.53, 169.69, 177.99, 184.63]
    lines = {name: (0 - ledger.amount(name)).round(6).tolist() for name in ledger.names}
    assert lines["primary_writes"] == [3.5255] * 4
    assert lines["writes"] == [0, 0.01, 0.0105, 0.010775]
    assert lines["reads"] == [0, 0.0002, 0.00021, 0.000215]
    assert lines["archive"] == [0, 51.75, 54.3375, 55.760625]
    assert lines["primary_paid"] == [104.00, 114.40, 120.12, 123.266]
    assert lines["primary_reads"] == [0.00022, 0.000242, 0.000254, 0.000261]


def test_b_early_deletion_is_by_gb_where_the_source_counts_files_and_leaves_even_that_out() -> None:
    owed = (-_lifecycle(retrieval=False).amount("early")).round(4).tolist()
    assert owed == [0, 0, 0, 2.0652]
    assert round(107.75 * 0.0115 / 3, 2) == 0.41  # what the source computes


def test_b_with_the_retrieval_that_the_source_never_charges() -> None:
    # The first month has nothing to retrieve; the reference counts what is read from cool in all later months.
    ledger = _lifecycle(retrieval=True)
    assert (-ledger.amount("retrieval")).round(2).tolist() == [0.00, 5.00, 5.25, 5.39]
    assert ledger.paid.round(2).tolist() == [107.53, 174.69, 183.24, 190.02]


# ── C: thresholds ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("colder", "warmer", "size"),
    [
        ("azure_cool_lrs_eastus", "azure_hot_lrs_eastus", 95_783),
        ("azure_cold_lrs_eastus", "azure_hot_lrs_eastus", 22_686),
        ("azure_archive_lrs_eastus", "azure_hot_lrs_eastus", 6_239),
        ("aws_standard_ia_us_east_1", "aws_standard_us_east_1", 71_235),
        ("aws_glacier_instant_us_east_1", "aws_standard_us_east_1", 22_795),
        ("aws_glacier_flexible_us_east_1", "aws_standard_us_east_1", 15_793),
        ("aws_deep_archive_us_east_1", "aws_standard_us_east_1", 10_034),
    ],
)
def test_c_size_below_which_a_colder_tier_costs_more_for_ever(colder: str, warmer: str, size: int) -> None:
    assert round(least_size_bytes(SHIPPED, colder, warmer, np.datetime64("2027-07", "M"), "2027-01")) == size


@pytest.mark.parametrize(
    ("account", "month", "applies"),
    [
        ("2026-06", "2027-06", False),
        ("2026-06", "2027-07", True),
        ("2026-07", "2026-06", False),
        ("2026-07", "2026-07", True),
    ],
)
def test_c_the_azure_rule_flips_on_both_dates(account: str, month: str, applies: bool) -> None:
    found = least_size_bytes(
        SHIPPED, "azure_cool_lrs_eastus", "azure_hot_lrs_eastus", np.datetime64(month, "M"), account
    )
    assert round(found) == (95_783 if applies else 0)


def _small_estate(account: str, month: str, files: float = 0.0) -> Ledger:
    """One month of a hundred million files of 10,000 bytes in archive, of which some are moved there in that month."""
    calendar = np.array([np.datetime64(month, "M")])
    terms = Terms("azure_hot_lrs_eastus", "azure_archive_lrs_eastus", account, size_spread=0)
    setting = Setting.of(calendar, np.zeros(1), terms, SHIPPED)
    gb = np.array([[1e8 * 10_000 / 2**30]])
    padding = np.array([[1e8 * (131_072 - 10_000) / 2**30]])
    used = meters(Moved(gb, gb, files + 0 * gb, padding, 0 * gb), setting)
    return bill(used, calendar, "USD").row(0)


@pytest.mark.parametrize(
    ("account", "before", "after"), [("2026-07", "2026-06", "2026-07"), ("2020-01", "2027-06", "2027-07")]
)
def test_c_the_ledger_flips_on_both_dates(account: str, before: str, after: str) -> None:
    assert _small_estate(account, before).amount("small_files").sum() == 0
    charged = _small_estate(account, after).amount("small_files").sum()
    assert round(-charged, 2) == round(1e8 * 121_072 / 2**30 * 0.00099, 2)


def test_c_hot_and_operations_are_never_touched_by_the_rule() -> None:
    assert SHIPPED.offer("azure_hot_lrs_eastus").rules.minimum_bytes == 0
    before, after = (_small_estate("2020-01", month, files=1e6) for month in ("2027-06", "2027-07"))
    assert after.amount("small_files").sum() < before.amount("small_files").sum() == 0
    assert before.amount("writes").sum() == after.amount("writes").sum() == -10.00


# ── D: payback in both units ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("unit", "minimum", "months"),
    [("GB-month", 0, 50.5), ("GB-month", 131_072, 127.8), ("GiB-month", 0, 54.2), ("GiB-month", 131_072, 137.2)],
)
def test_d_payback_of_ten_thousand_byte_files_in_both_units(unit: str, minimum: int, months: float) -> None:
    book = SHIPPED
    for tier in ("azure_hot_lrs_eastus", "azure_archive_lrs_eastus"):
        book = book.in_unit(tier, "stored", unit)
    hot, archive = book.offer("azure_hot_lrs_eastus"), book.offer("azure_archive_lrs_eastus")
    assert round(months_to_pay_back(10_000, archive, hot, np.datetime64("2027-07", "M"), minimum), 1) == months


# ── E: Microsoft 365 ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("active_tb", "archived_tb", "cost"), [(25.2, 0, 40.00), (25.0, 0.2, 10.00), (24.0, 1.2, 10.00), (20.0, 3.0, 0.00)]
)
def test_e_only_what_lies_above_the_quota_is_billed(active_tb: float, archived_tb: float, cost: float) -> None:
    month = np.datetime64("2026-10", "M")
    prices = tuple(SHIPPED.offer(name).stored(month).per_unit for name in ("sharepoint_extra", "m365_archive"))
    found = sharepoint_bill(np.array(active_tb * 1000), np.array(archived_tb * 1000), 25_000, (prices[0], prices[1]))
    assert round(float(found), 2) == cost


def _offload(active_gb: float, gb: float) -> Ledger:
    months = np.arange(np.datetime64("2026-10", "M"), np.datetime64("2027-10", "M"))
    terms = Terms("sharepoint_extra", "azure_cool_lrs_eastus", "2020-01", quota_gb=25_000)
    once = np.eye(1, 12) * gb
    flows = Moved(once, once, 0 * once, 0 * once, 0 * once, active_gb=np.full(12, active_gb))
    return bill(meters(flows, Setting.of(months, np.zeros(12), terms, SHIPPED)), months, "USD").row(0)


def test_e_offloading_saves_the_difference_of_two_bills_less_the_blob() -> None:
    ledger = _offload(25_200, 1_000)
    assert ledger.amount("primary").round(2).tolist() == [40.00] * 12
    assert (ledger.net - 40.00).round(2).tolist() == [-15.20] * 12


def test_e_a_tenant_under_its_quota_saves_nothing_and_pays_for_the_blob() -> None:
    ledger = _offload(20_000, 1_000)
    assert ledger.amount("primary").tolist() == [0] * 12
    assert ledger.net.round(2).tolist() == [-15.20] * 12


# ── F: a saving that became a cost ─────────────────────────────────────────────────────────────────────────────────
OBJECTS, GB_STORED = 53_819_565, 53_819_565 * 2.4 / 1024


def _tiered() -> Ledger:
    """Objects moved into Intelligent-Tiering at once, against what Standard-IA cost."""
    months = np.arange(np.datetime64("2026-05", "M"), np.datetime64("2026-11", "M"))
    terms = Terms("aws_standard_ia_us_east_1", "aws_intelligent_us_east_1", "2020-01")
    once, gb = OBJECTS * np.eye(1, 6), GB_STORED * np.eye(1, 6)
    flows = Moved(gb, gb, once, 0 * gb, once)
    return bill(meters(flows, Setting.of(months, np.zeros(6), terms, SHIPPED)), months, "USD").row(0)


def test_f_monitoring_costs_134_55_a_month() -> None:
    assert (-_tiered().amount("monitoring")).round(2).tolist() == [134.55] * 6


def test_f_the_first_thirty_days_cost_1_76_times_as_much_above_50_tb_as_was_seen() -> None:
    month = np.datetime64("2026-05", "M")
    frequent = SHIPPED.offer("aws_intelligent_us_east_1").stored(month)
    before = SHIPPED.offer("aws_standard_ia_us_east_1").stored(month)
    top = frequent.cost(np.array(GB_STORED)) - frequent.cost(np.array(GB_STORED - 1))
    assert round(float(top) / before.per_unit, 2) == 1.76
    assert round(380 / 215.17, 2) == 1.77  # what the users saw


def test_f_a_ledger_by_month_shows_the_hump_before_the_saving() -> None:
    net = _tiered().net
    assert net[0] < -1_000
    assert (net[1:3].round(2) == -134.55).all()
    assert (net[3:] > 0).all()
