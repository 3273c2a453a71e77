"""The ledger: what is counted, when, at which price, and that nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast_core.errors import PriceError
from forecast_core.money import KINDS, Case, Movement, Sizes, storage_ledger
from forecast_core.money.cents import in_cents, rounded
from tests.unit.money_cases import BOOK, MONTHS, case, recalled, with_stock

RATIO = st.floats(0, 1)


def test_every_amount_is_its_quantity_times_its_price() -> None:
    for line in recalled(case(read_ratio_per_month=0.02, one_off_cost=50.0), 0.05).ledger.lines:
        if line.prices:
            sign = 1 if KINDS[line.name].saves else -1
            assert line.amount == pytest.approx(sign * line.quantity * line.prices[0].per_unit)


def test_without_fees_it_is_the_ledger_of_the_simulator() -> None:
    of = recalled(case(size_spread=0.0, mean_mb=8.0), 0.03)
    primary, archive = (BOOK.offer(name).stored(MONTHS[0]).per_unit for name in (of.terms.primary, of.terms.archive))
    quick = storage_ledger(
        of.flows.freed_gb.sum(axis=0),
        of.flows.added_gb.sum(axis=0),
        of.recall_ratio,
        np.array(primary),
        np.array(archive),
    )
    assert of.ledger.amount("primary") == pytest.approx(quick.primary_saved_cost)
    assert of.ledger.amount("archive") == pytest.approx(-quick.archive_cost)


def test_the_two_sides_never_come_from_one_number() -> None:
    of = case()
    twice = of.varied(flows=replace(of.flows, added_gb=2 * of.flows.added_gb))
    assert twice.ledger.amount("primary").tolist() == of.ledger.amount("primary").tolist()
    assert twice.ledger.amount("archive") == pytest.approx(2 * of.ledger.amount("archive"))


def test_an_unknown_price_stops_the_sum_and_says_why() -> None:
    with pytest.raises(PriceError, match="operation prices of this class could not be confirmed"):
        _ = case(archive="gcs_nearline_us_central1").ledger


def test_a_tier_that_a_region_does_not_have_is_not_free() -> None:
    with pytest.raises(PriceError, match="not offered in this region"):
        _ = case(archive="azure_archive_lrs_austriaeast").ledger


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(PriceError, match="is in EUR"):
        _ = case(archive="azure_cold_lrs_austriaeast").ledger


def test_what_is_not_used_needs_no_price() -> None:
    quiet = case(archive="azure_archive_lrs_eastus2")
    assert BOOK.offer("azure_archive_lrs_eastus2").has("write") is False
    assert quiet.varied(flows=replace(quiet.flows, files=0 * quiet.flows.files)).ledger.net.shape == (12,)


def test_small_files_are_billed_by_the_distribution_and_not_by_their_mean() -> None:
    alike, spread = (case(mean_mb=0.5, size_spread=value).ledger.amount("small_files").sum() for value in (0.0, 2.4))
    assert alike == 0
    assert spread < -1


def test_the_padding_of_a_log_normal_is_its_closed_form() -> None:
    mean, sigma, least = 400_000.0, 1.7, 131_072.0
    draws = np.exp(np.random.default_rng(3).normal(np.log(mean) - sigma**2 / 2, sigma, 2_000_000))
    found = Sizes.log_normal(sigma).padding_bytes(np.array(mean), least)
    assert float(found) == pytest.approx(np.maximum(least - draws, 0).mean(), rel=0.003)


def test_size_classes_of_an_inventory_are_taken_as_counted() -> None:
    sizes = Sizes.of_classes(np.array([10, 0, 30]), np.array([10 * 1_000, 0, 30 * 200_000]), "counted")
    mean = (10 * 1_000 + 30 * 200_000) / 40
    assert float(sizes.padding_bytes(np.array(mean), 131_072)) == pytest.approx(10 / 40 * 130_072)
    assert [float(share) for share in sizes.at_least(np.array(mean), 100_000)] == pytest.approx([0.75, 6e6 / 6.01e6])


def test_leaving_out_small_files_saves_writes_and_hardly_any_gb() -> None:
    whole, large = case(mean_mb=2.0), case(mean_mb=2.0, skip_below_kb=128)
    assert large.ledger.amount("writes").sum() > 0.6 * whole.ledger.amount("writes").sum()
    assert large.ledger.amount("primary").sum() > 0.98 * whole.ledger.amount("primary").sum()
    assert large.ledger.amount("small_files").sum() == 0


def test_glacier_keeps_an_index_at_the_tier_and_names_at_standard() -> None:
    ledger = case(archive="aws_glacier_flexible_us_east_1").ledger
    objects = case().flows.files.sum(axis=0).cumsum()
    assert -ledger.amount("index") == pytest.approx(objects * 32_768 / 2**30 * 0.0036)
    assert -ledger.amount("names") == pytest.approx(objects * 8_192 / 2**30 * 0.023)


def test_early_deletion_is_pro_rata_to_what_is_left_of_the_least_time() -> None:
    recall = np.zeros(12)
    recall[2] = 1.0
    of = case(archive="azure_cold_lrs_eastus", months=12).varied(recall_ratio=recall)
    # What came in months 0 and 1 leaves in month 2, after 60 and 30 of its 90 days.
    owed = 100 * (30 / 30) + 100 * (60 / 30)
    assert -of.ledger.amount("early")[2] == pytest.approx(owed * 0.0036)
    assert of.ledger.amount("early")[:2].tolist() == [0, 0]


def test_hot_has_no_early_deletion() -> None:
    assert "early" not in recalled(case(archive="azure_hot_lrs_eastus"), 0.5).ledger.names


def test_recall_pays_reads_and_retrieval_and_brings_the_gb_back_to_primary() -> None:
    cold = case(archive="azure_cold_lrs_eastus")
    quiet, busy = cold, recalled(cold, 0.10)
    assert busy.ledger.amount("primary").sum() < quiet.ledger.amount("primary").sum()
    assert {"reads", "retrieval", "early"} <= set(busy.ledger.names)
    assert not {"reads", "retrieval", "early"} & set(quiet.ledger.names)


def test_what_was_recalled_is_archived_again_after_the_lock_and_written_again() -> None:
    once, again = (recalled(case(rearchived_ratio=value, archive="m365_archive"), 0.10) for value in (0.0, 1.0))
    assert again.setting.movement.again[0, :5].tolist() == [1, 0, 0, 0, 0], "locked for four months"
    assert again.setting.movement.again[0, 5] == pytest.approx(0.10)
    assert again.ledger.amount("primary").sum() > once.ledger.amount("primary").sum()


def test_intelligent_tiering_is_dear_first_and_monitors_large_objects_only() -> None:
    ledger = case(archive="aws_intelligent_us_east_1").ledger
    items = {line.item: line.quantity for line in ledger.lines if line.name == "archive"}
    assert items["stored"] == pytest.approx(np.full((12,), 100.0))
    assert items["stored_after_90_days"][:3].tolist() == [0, 0, 0]
    monitored = next(line.quantity for line in ledger.lines if line.name == "monitoring")
    assert monitored[-1] < case().flows.files.sum()


def test_transfer_out_is_free_for_the_first_gb_and_by_band_after() -> None:
    ledger = case(archived_gb=4_000, read_ratio_per_month=0.05, egress="internet").ledger
    out = next(line for line in ledger.lines if line.name == "egress")
    assert -out.amount[0] == pytest.approx((0.05 * 4_000 - 100) * 0.087)


def test_private_endpoints_and_project_costs_are_lines_of_their_own() -> None:
    ledger = case(private_endpoints=2, one_off_cost=500.0, running_cost_per_month=40.0).ledger
    assert -ledger.amount("endpoint")[0] == pytest.approx(2 * 730 * 0.01)
    assert -ledger.amount("endpoint_data")[0] == pytest.approx(100 * 0.01)
    assert ledger.amount("one_off").tolist() == [-500.0] + 11 * [0.0]
    assert ledger.amount("running").sum() == -480.0


def test_dated_prices_change_in_their_month() -> None:
    calendar = np.arange(np.datetime64("2025-01", "M"), np.datetime64("2025-07", "M"))
    of = recalled(case(archive="m365_archive", months=6), 0.10).varied(months=calendar)
    fee = -of.ledger.amount("retrieval")
    assert (fee[1:3] > 0).all()
    assert (fee[3:] == 0).all(), "reactivation was free from April 2025 on"


def test_before_its_fee_was_abolished_two_reactivations_a_year_kept_most_of_the_saving() -> None:
    fee = BOOK.offer("m365_archive").tariff("retrieval").at(np.datetime64("2025-01", "M")).per_unit
    saved = 12 * (0.20 - 0.05)
    assert (saved - 2 * 0.30 * fee) / saved == pytest.approx(0.80)


def test_bands_price_the_top_of_what_is_on_primary() -> None:
    of = with_stock(case(archived_gb=1_000, primary="azure_hot_lrs_eastus"), 60_000)
    assert of.ledger.amount("primary")[0] == pytest.approx(700 * 0.01997)


# ── quota ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_under_the_quota_nothing_is_saved_and_the_archive_still_costs() -> None:
    ledger = with_stock(case(quota_gb=25_000), 20_000).ledger
    assert not ledger.amount("primary").any()
    assert ledger.net.sum() < 0


def test_above_the_quota_only_what_lies_above_is_saved() -> None:
    ledger = with_stock(case(quota_gb=25_000), 25_100).ledger
    assert ledger.amount("primary")[:3] == pytest.approx([14.0, 20.0, 20.0])


def test_microsoft_365_archive_is_metered_only_above_the_quota() -> None:
    metered = with_stock(case(quota_gb=25_000, archive="m365_archive"), 25_100).ledger
    line = next(line for line in metered.lines if line.name == "archive")
    assert line.quantity[:2] == pytest.approx([100.0, 160.0])
    assert not with_stock(case(quota_gb=25_000, archive="m365_archive"), 20_000).ledger.net.any()


def test_single_files_archived_free_no_quota() -> None:
    ledger = with_stock(case(quota_gb=25_000, archive="m365_archive", way="file"), 30_000).ledger
    assert not ledger.net.any()


def test_held_data_frees_nothing_and_trimmed_versions_do() -> None:
    of = with_stock(case(quota_gb=25_000), 40_000)
    assert of.on_terms(held_ratio=1.0).ledger.amount("primary").sum() == 0
    assert of.on_terms(trimmed_gb_per_month=10).ledger.amount("versions")[2] == pytest.approx(30 * 0.20)


def test_a_quota_needs_the_stock() -> None:
    with pytest.raises(PriceError, match="no stock"):
        _ = case(quota_gb=25_000).ledger
    assert case(quota_gb=25_000, active_gb=30_000).ledger.amount("primary")[0] == pytest.approx(14.0)


# ── sums ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _cases() -> list[Case]:
    return [
        recalled(case(one_off_cost=99.99, running_cost_per_month=0.37, private_endpoints=1), 0.02),
        with_stock(case(quota_gb=20_000, read_ratio_per_month=0.01), 20_500),
        case(archive="aws_deep_archive_us_east_1", mean_mb=0.05),
    ]


@pytest.mark.parametrize("of", _cases())
def test_scopes_add_up_to_all(of: Case) -> None:
    shared = of.shared()
    for name, amounts in shared.items():
        assert amounts.sum(axis=0) == pytest.approx(of.ledger.amount(name), abs=1e-9)
    assert sum(amounts.sum() for amounts in shared.values()) == pytest.approx(of.ledger.net.sum())


@pytest.mark.parametrize("of", _cases())
def test_paths_at_the_point_are_the_point(of: Case) -> None:
    point, freed = of.flows.archived_gb.sum(axis=0), of.flows.freed_gb.sum(axis=0)
    paths = of.on_paths(np.stack([point, 2 * point]), np.stack([freed, 2 * freed]))
    assert paths.net[0] == pytest.approx(of.ledger.net)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_cents_add_up_to_the_rounded_total(parts: list[float]) -> None:
    found = in_cents(np.array(parts))
    assert found.sum() == pytest.approx(rounded(float(np.sum(parts))), abs=1e-6)
    assert np.abs(found - parts).max() <= 0.01 + 1e-6


@given(st.floats(-1e9, 1e9))
def test_one_amount_is_rounded_to_the_cent(amount: float) -> None:
    assert abs(rounded(amount) - amount) <= 0.005 + 1e-6


# ── movement ───────────────────────────────────────────────────────────────────────────────────────────────────────
@given(st.lists(RATIO, min_size=2, max_size=24), RATIO, st.integers(0, 5))
def test_what_enters_is_there_or_has_left(recall: list[float], again: float, lock: int) -> None:
    moves = Movement.of(np.array(recall), again, lock)
    entered, left = moves.again.cumsum(axis=1), moves.recalled.cumsum(axis=1)
    assert np.allclose(entered - left, moves.stock)
    assert (moves.stock >= -1e-9).all()


@given(st.lists(RATIO, min_size=2, max_size=24), st.sampled_from([0, 30, 90, 180]))
def test_nothing_is_owed_for_what_stayed_long_enough(recall: list[float], days: int) -> None:
    owed = Movement.of(np.array(recall)).owed(days)
    age = np.arange(len(recall))[None, :] - np.arange(len(recall))[:, None]
    assert (owed[age * 30 >= days] == 0).all()
    assert (owed >= 0).all()
