"""What money is reckoned with beyond the scenario: tiers, quota, behaviour, project costs, your own prices.

In:    nothing; each term is declared once, with bounds.
Out:   `Terms`, checked; the same as text for a link.
Never: leaves a term out of a link because it stands at its default.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from forecast_core.errors import LeverError, LeverFault, ScenarioError
from forecast_core.money.sizes import TYPICAL_SPREAD
from forecast_core.months import parse_month

EGRESS = {"none": "stays in its region", "region": "goes to another region", "internet": "goes out over the internet"}
WAYS = {"site": "whole sites", "file": "single files"}


@dataclass(frozen=True)
class Term:
    """A number that can be set: `unit` as levers have it, bounds, step, whether it may stay open."""

    name: str
    title: str
    unit: str
    lower: float
    upper: float
    step: float
    group: str
    help: str
    optional: bool = False


M365, USE, FILES, PROJECT = "Microsoft 365", "Behaviour", "Files", "Project"
TERMS: tuple[Term, ...] = (
    Term("quota_gb", "SharePoint quota", "GB", 0, 1e8, 1024, M365, optional=True,
         help="Storage that your licences include: 1 TB and 10 GB per licence. Only what lies above it is billed; "
         "open means that every GB on primary is billed."),
    Term("active_gb", "Used of the quota today", "GB", 0, 1e9, 1024, M365, optional=True,
         help="What counts against the quota at the start; open means the stock of this data."),
    Term("held_ratio", "Held by retention", "percent", 0, 1, 0.01, M365,
         help="Share of what archiving deletes that moves to the Preservation Hold Library and frees nothing."),
    Term("trimmed_gb_per_month", "Old versions trimmed", "GB per month", 0, 1e8, 100, M365,
         help="GB of old versions deleted on primary each month beside archiving."),
    Term("read_ratio_per_month", "Read in the archive", "percent", 0, 1, 0.001, USE,
         help="Share of what the archive holds that is read there each month and stays there."),
    Term("rearchived_ratio", "Archived again after a recall", "percent", 0, 1, 0.05, USE,
         help="Share of what was recalled that is archived again, after the lock of the tier."),
    Term("size_spread", "Spread of file sizes", "number", 0, 5, 0.1, FILES,
         help="Standard deviation of the log of file sizes: 0 all alike, 2.4 typical of file servers."),
    Term("mean_file_mb", "Average archived file", "MB", 1e-6, 1e6, 0.1, FILES, optional=True,
         help="Open means as the forecast has it."),
    Term("skip_below_kb", "Leave out files below", "KB", 0, 1e6, 16, FILES,
         help="Files smaller than this stay on primary."),
    Term("private_endpoints", "Private endpoints", "number", 0, 100, 1, PROJECT,
         help="Each is paid per hour and per GB moved."),
    Term("one_off_cost", "One-off project cost", "money", 0, 1e9, 100, PROJECT, help="Paid in the first month."),
    Term("running_cost_per_month", "Running cost per month", "money", 0, 1e8, 10, PROJECT,
         help="Licences, people, monitoring of the archive."),
    Term("interest_ratio_per_year", "Interest per year", "percent", 0, 0.5, 0.01, PROJECT,
         help="A later saving is worth less by this rate."),
    Term("discount_ratio", "Your discount", "percent", 0, 1, 0.01, PROJECT,
         help="Off the list prices of the archive's provider."),
)  # fmt: skip
BY_NAME = {term.name: term for term in TERMS}


@dataclass(frozen=True)
class Terms:
    """Every term; amounts in the currency of the book. `own` are (offer, item, value), `decimal` prices per 10^9 bytes.

    `account_month` is when the storage account was created; small-file rules differ by it.
    """

    primary: str
    archive: str
    account_month: str
    quota_gb: float | None = None
    active_gb: float | None = None
    way: str = "site"
    held_ratio: float = 0.0
    trimmed_gb_per_month: float = 0.0
    read_ratio_per_month: float = 0.0
    rearchived_ratio: float = 0.0
    size_spread: float = TYPICAL_SPREAD
    mean_file_mb: float | None = None
    skip_below_kb: float = 0.0
    high_priority: bool = False
    egress: str = "none"
    private_endpoints: float = 0.0
    one_off_cost: float = 0.0
    running_cost_per_month: float = 0.0
    interest_ratio_per_year: float = 0.05
    discount_ratio: float = 0.0
    own: tuple[tuple[str, str, float], ...] = ()
    decimal: tuple[tuple[str, str], ...] = ()
    confirmed: tuple[str, ...] = ()
    imported: str = ""
    currency: str = ""
    currency_rate: float | None = None
    currency_dated: str = ""

    def changed(self, **values: Any) -> Terms:
        """Return the terms with some replaced; LeverError if one is out of bounds."""
        return checked_terms(replace(self, **values))

    def to_text(self) -> str:
        """Return every term as compact JSON, for a link."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)


def terms_of(text: str) -> Terms:
    """Return the terms of a link; ScenarioError if unreadable, LeverError for terms out of bounds, all at once."""
    try:
        raw = json.loads(text)
        if not isinstance(raw, Mapping):
            raise ValueError("not an object")
        unknown = sorted(set(raw) - {item.name for item in fields(Terms)})
        if unknown:
            raise ValueError(f"unknown term {unknown[0][:40]!r}")
        return checked_terms(Terms(**{name: _tuples(value) for name, value in raw.items()}))
    except (ValueError, TypeError) as error:
        raise ScenarioError(
            f"The money terms of this link cannot be read: {error}.", hint="Ask for a new link."
        ) from error


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


def checked_terms(terms: Terms) -> Terms:
    """Return the terms; LeverError lists every one that is out of bounds."""
    faults = [fault for term in TERMS if (fault := _fault(term, getattr(terms, term.name)))]
    faults += _word_faults(terms)
    if faults:
        raise LeverError(*faults, hint="Move the value back inside its bounds.")
    return terms


def _fault(term: Term, value: Any) -> LeverFault | None:
    if value is None and term.optional:
        return None
    allowed = f"{term.lower:g} to {term.upper:g} ({term.unit}, shares as fractions)"
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and term.lower <= value <= term.upper:
        return None
    return LeverFault(term.name, f"{term.title} is {str(value)[:40]}.", allowed)


def _word_faults(terms: Terms) -> list[LeverFault]:
    faults = []
    for name, allowed in (("egress", EGRESS), ("way", WAYS)):
        if getattr(terms, name) not in allowed:
            faults.append(LeverFault(name, f"{name} is {str(getattr(terms, name))[:40]!r}.", ", ".join(allowed)))
    try:
        parse_month(terms.account_month)
    except (ValueError, TypeError):
        faults.append(
            LeverFault("account_month", f"The account's month is {terms.account_month!r}.", "a month as 2027-03")
        )
    if terms.currency and not (terms.currency_rate and terms.currency_rate > 0 and terms.currency_dated):
        faults.append(
            LeverFault("currency_rate", "Another currency needs your rate and its date.", "a rate above 0, a date")
        )
    return faults
