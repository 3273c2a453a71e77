"""Verdict, comparison, break-even and stress: what is said, and that it turns when it should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast_core.money import (
    Case,
    TypeShare,
    Verdict,
    Worth,
    break_even,
    flips,
    knobs,
    pool_gb,
    pool_story,
    stress,
    swings,
    tiers,
    trimmed_gb,
    verdict,
    worth,
)
from forecast_core.money.compare import on_tier
from forecast_core.money.knobs import value_or_nan
from forecast_core.money.thresholds import crossing
from forecast_core.money.worth import discount, payback
from tests.unit.money_cases import MONTHS, case, recalled, with_stock


def judged(
    of: Case, low: float = 0.9, high: float = 1.1, types: tuple[TypeShare, ...] = (), trusted: bool = True
) -> Verdict:
    """Judge a case whose volume lies evenly between two factors of its point."""
    factors = np.linspace(low, high, 41)[:, None]
    archived, freed = (factors * flow.sum(axis=0) for flow in (of.flows.archived_gb, of.flows.freed_gb))

    def judge(at: Case) -> Worth:
        return worth(at.ledger.net, at.on_paths(archived, freed).net, 0.0)

    return verdict(of, judge, break_even(of), types, trusted=trusted)


def test_a_gain_on_every_path_is_worth_it() -> None:
    found = judged(case())
    assert (found.word, found.reason) == ("worth it", "sure gain")
    assert found.worth.loss_probability == 0
    assert found.worth.value.lower < found.worth.value.point < found.worth.value.upper


def test_ten_kb_files_in_an_archive_tier_are_not_worth_it() -> None:
    estate = case(primary="azure_hot_lrs_eastus", archive="azure_archive_lrs_eastus", mean_mb=0.01, size_spread=0.0)
    found = judged(estate)
    assert (found.word, found.reason) == ("not worth it", "sure loss")
    assert found.worth.payback_months is None
    assert found.worth.loss_probability == 1


def test_it_is_worth_it_for_the_large_files_when_only_the_small_ones_lose() -> None:
    estate = case(
        primary="azure_hot_lrs_eastus", archive="azure_cold_lrs_eastus", mean_mb=0.1, size_spread=2.0, months=24
    )
    found = judged(estate)
    assert (found.word, found.reason) == ("worth it for", "small files lose")
    assert found.from_kb > 0
    assert found.value_selected > 0 > found.worth.value.point


def test_it_is_worth_it_for_the_types_that_free_enough() -> None:
    costly = case(primary="azure_hot_lrs_eastus", archive="azure_cool_lrs_eastus", size_spread=0.0, mean_mb=8.0)
    archived, freed = (flow.sum(axis=0) for flow in (costly.flows.archived_gb, costly.flows.freed_gb))
    types = (TypeShare("pdf", 0.5 * archived, 0.30 * freed), TypeShare("docx", 0.5 * archived, 0.70 * freed))
    found = judged(costly, types=types)
    assert (found.word, found.types) == ("worth it for", ("docx",))
    assert sum(each.value for each in found.by_type) == pytest.approx(found.worth.value.point)


def test_too_early_to_say_when_it_hangs_on_the_volume() -> None:
    of = case(one_off_cost=0.0)
    one_off = float(of.ledger.net.sum())
    found = judged(of.on_terms(one_off_cost=one_off), 0.5, 1.5)
    assert (found.word, found.reason) == ("too early to say", "depends on volumes")
    assert found.worth.loss_probability == pytest.approx(0.5, abs=0.05)


def test_too_early_to_say_on_a_placeholder_until_it_is_confirmed() -> None:
    of = case(primary="on_premises_nas")
    assert judged(of).reason == "unconfirmed price"
    assert judged(of.varied(book=of.book.confirmed(["on_premises_nas"]))).word == "worth it"


def test_too_early_to_say_outside_of_experience_but_a_sure_loss_is_a_loss() -> None:
    assert judged(case(), trusted=False).reason == "outside experience"
    assert judged(case(running_cost_per_month=1e5), trusted=False).word == "not worth it"


def test_a_tenant_under_its_quota_is_told_so() -> None:
    found = judged(with_stock(case(quota_gb=25_000), 20_000))
    assert (found.word, found.reason) == ("not worth it", "under the quota")


def test_nothing_archived_is_no_verdict() -> None:
    assert judged(case(archived_gb=0.0)).reason == "nothing archived"


def test_leaving_out_small_files_is_advised_where_it_pays() -> None:
    found = judged(case(primary="azure_hot_lrs_eastus", archive="azure_archive_lrs_eastus", mean_mb=0.4, months=36))
    assert found.word == "worth it"
    assert found.better_from_kb > 0
    assert found.value_better > found.worth.value.point


# ── break-even ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_at_the_break_even_recall_the_value_is_nil() -> None:
    of = case(primary="azure_hot_lrs_eastus", archive="azure_archive_lrs_eastus", mean_mb=1.0)
    ratio = break_even(of).recall_ratio
    assert 0 < ratio < 0.5
    assert value_or_nan(recalled(of, ratio)) == pytest.approx(0, abs=0.005 * of.value)


def test_files_below_the_break_even_size_lose_and_above_it_gain() -> None:
    of = case(primary="azure_hot_lrs_eastus", archive="azure_archive_lrs_eastus", size_spread=0.0)
    size_mb = break_even(of).size_bytes / 2**20
    assert case(primary=of.terms.primary, archive=of.terms.archive, size_spread=0.0, mean_mb=0.5 * size_mb).value < 0
    assert case(primary=of.terms.primary, archive=of.terms.archive, size_spread=0.0, mean_mb=2.5 * size_mb).value > 0


def test_under_a_quota_no_size_pays() -> None:
    assert np.isnan(break_even(with_stock(case(quota_gb=25_000), 20_000)).size_bytes)


def test_payback_counts_months_until_the_sum_stays_above_zero() -> None:
    assert payback(np.array([-3.0, 1, 1, 1, 1])) == 4
    assert payback(np.array([1.0, 1, 1])) == 0
    assert payback(np.array([-3.0, 1, 1])) is None


def test_a_later_saving_is_worth_less() -> None:
    assert discount(12, 0.05)[-1] == pytest.approx(1 / 1.05)
    assert discount(12, 0.0).tolist() == [1.0] * 12


def test_a_difference_without_a_turn_has_no_crossing() -> None:
    assert crossing(lambda value: value + 1, 0, 1) is None
    assert crossing(lambda value: value - 0.25, 0, 1) == pytest.approx(0.25)
    assert crossing(lambda value: value, 0, 1) == 0


# ── tiers ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_tier_is_compared_and_what_is_not_priced_says_why() -> None:
    ranked = tiers(case())
    assert len(ranked) == len(case().book.of_role("archive"))
    priced = [tier for tier in ranked if not tier.problem]
    assert [tier.value for tier in priced] == sorted((tier.value for tier in priced), reverse=True)
    assert all(np.isnan(tier.value) for tier in ranked if tier.problem)
    assert any("not offered" in tier.problem for tier in ranked)


def test_at_a_flip_the_rival_draws_level() -> None:
    of = case()
    ranked = tiers(of)
    found = {flip.knob: flip for flip in flips(of, ranked, knobs(of))}
    flip = found["read"]
    best = ranked[0].offer.id
    rival = next(tier.offer.id for tier in ranked if tier.offer.title == flip.winner)
    at = [on_tier(of, name).on_terms(read_ratio_per_month=flip.at).value for name in (best, rival)]
    assert at[0] == pytest.approx(at[1], rel=0.002)


def test_swings_are_reruns_and_the_widest_comes_first() -> None:
    of = case()
    found = swings(of, knobs(of))
    assert [swing.width for swing in found] == sorted((swing.width for swing in found), reverse=True)
    dearer = next(swing for swing in found if swing.name == "primary_price")
    assert dearer.value_upper - of.value == pytest.approx(0.2 * of.ledger.amount("primary").sum())


# ── stress ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_restoring_everything_costs_what_the_hand_computes() -> None:
    of = case(archive="azure_archive_lrs_eastus", mean_mb=2.0, size_spread=0.0)
    found = stress(of, "restore", month=11)
    held, files = 11 * 100.0, 11 * 100.0 * 512
    early = sum(100 * max(180 - 30 * age, 0) / 30 for age in range(1, 12)) * 0.00099
    assert found.gb == pytest.approx(held)
    assert found.cost == pytest.approx(files * 5.00 / 1e4 + held * 0.02 + early)
    assert found.wait_hours == 15


def test_a_burst_reads_fifteen_percent_of_what_is_held() -> None:
    found = stress(case(archive="azure_archive_lrs_eastus", mean_mb=2.0, size_spread=0.0), "burst", month=5)
    held = 6 * 100.0
    assert found.cost == pytest.approx(0.15 * held * (512 * 5.00 / 1e4 + 0.02))


def test_dearer_prices_cost_a_fifth_of_all_that_is_paid_to_the_provider() -> None:
    of = case(running_cost_per_month=10.0)
    found = stress(of, "prices")
    assert found.cost == pytest.approx(0.2 * (of.ledger.paid.sum() - 120))
    assert found.net == pytest.approx(found.net_before - found.cost)


# ── the pool ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_purchase_is_avoided_from_the_month_the_quota_would_have_been_crossed() -> None:
    growing = 24_500 + 100.0 * np.arange(12)
    found = pool_story(growing, growing - 50.0 * np.arange(12), 25_000, MONTHS)
    assert found.is_under_today
    assert found.crossed_without == MONTHS[6]
    assert found.crossed_with == MONTHS[11]
    assert found.avoided_from == MONTHS[6]


def test_a_pool_is_one_tb_and_ten_gb_per_licence() -> None:
    assert pool_gb(2_400) == 1_024 + 24_000


@pytest.mark.parametrize(("method", "freed"), [("full copies", 1_950.0), ("differences", 97.5)])
def test_trimming_versions_depends_on_how_they_are_stored(method: str, freed: float) -> None:
    assert trimmed_gb(10, (200, 5), 0.05, 0.0, method) == pytest.approx(freed)
    assert trimmed_gb(10, (200, 5), 0.05, 1.0, method) == 0


def test_files_that_are_not_counted_must_be_entered() -> None:
    of = case()
    unknown = of.varied(flows=replace(of.flows, files=np.full_like(of.flows.files, np.nan)))
    assert np.isnan(value_or_nan(unknown))
    assert value_or_nan(unknown.on_terms(mean_file_mb=1.0)) == pytest.approx(of.value)


def test_a_gain_below_one_a_month_is_not_worth_the_work() -> None:
    small = case(0.01)
    found = judged(small)
    assert small.value > 0
    assert (found.word, found.reason) == ("not worth it", "too small")
    assert judged(case(100.0)).word == "worth it"


def test_without_a_gain_no_recall_is_borne() -> None:
    assert np.isnan(break_even(case(mean_mb=0.001)).recall_ratio)
    nothing = with_stock(case(quota_gb=1e9, archive="m365_archive"), 1_000.0)
    assert nothing.value == 0
    assert np.isnan(break_even(nothing).recall_ratio)


def test_an_event_whose_price_is_unknown_says_so() -> None:
    found = stress(case(archive="azure_cool_lrs_westeurope"), "restore")
    assert found.problem.startswith("Not priced: Azure Blob cool, LRS, West Europe, retrieval")
    assert found.net == found.net_before
