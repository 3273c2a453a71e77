"""Small cases for tests of money: one or two scopes, a year, shipped prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from forecast_core.money import Case, Flows, PriceBook, Sizes, Terms
from forecast_core.sources.prices import read_price_books

BOOK = PriceBook.of(read_price_books())
MONTHS = np.arange(np.datetime64("2027-08", "M"), np.datetime64("2028-08", "M"))
TERMS = Terms("sharepoint_extra", "azure_cool_lrs_eastus", "2026-11", interest_ratio_per_year=0.0)


def case(archived_gb: float = 100.0, mean_mb: float = 1.0, months: int = 12, **terms: Any) -> Case:
    """Return two scopes that archive the same each month, the second three times as much; 70 % of it is freed."""
    calendar = np.arange(MONTHS[0], MONTHS[0] + months)
    archived = np.outer([0.25, 0.75], np.full(months, archived_gb))
    flows = Flows(archived, 0.7 * archived, archived, archived * 1024 / mean_mb, None)
    chosen = replace(TERMS, **terms)
    return Case(calendar, flows, np.zeros(months), Sizes.log_normal(chosen.size_spread), chosen, BOOK)


def with_stock(of: Case, active_gb: float) -> Case:
    """Return the case with so much on primary before archiving, the same in every month."""
    return of.varied(flows=replace(of.flows, active_gb=np.full(len(of.months), active_gb)))


def recalled(of: Case, ratio: float) -> Case:
    """Return the case with a share recalled each month."""
    return of.varied(recall_ratio=np.full(len(of.months), ratio))
