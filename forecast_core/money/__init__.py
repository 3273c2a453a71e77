"""What it is worth: stored GB times dated prices, month by month, after every fee, quota and small-file rule.

In:    flows in GB and files, a recall ratio, terms, prices with their source.
Out:   ledgers, worth, thresholds, a verdict that can say "don't".
Never: takes both sides of the bill out of one number; treats an unknown price as zero.
"""

from forecast_core.money.azure_retail import Imported, azure_prices, retail_query
from forecast_core.money.case import Case, stored_at, yours
from forecast_core.money.compare import Flip, TierWorth, flips, tiers
from forecast_core.money.knobs import BreakEven, Swing, break_even, knobs, swings
from forecast_core.money.ledger import Ledger, Line, bill, shared
from forecast_core.money.lines import KINDS, LINES
from forecast_core.money.movement import Movement, early_deletion_gb_months
from forecast_core.money.offers import Offer, Rules
from forecast_core.money.price_book import PriceBook
from forecast_core.money.price_table import own_prices
from forecast_core.money.prices import Price
from forecast_core.money.quota import PoolStory, pool_gb, pool_story, sharepoint_bill, trimmed_gb
from forecast_core.money.sizes import Sizes
from forecast_core.money.storage import StorageLedger, pays_back, storage_ledger
from forecast_core.money.stress import Stress, stress
from forecast_core.money.terms import EGRESS, TERMS, WAYS, Term, Terms, checked_terms, terms_of
from forecast_core.money.thresholds import least_size_bytes, months_to_pay_back
from forecast_core.money.usage import Flows, Meter, Moved, Setting, meters, moved
from forecast_core.money.verdict import TypeShare, TypeWorth, Verdict, verdict
from forecast_core.money.worth import Worth, present_value, worth

__all__ = [
    "BreakEven",
    "Case",
    "EGRESS",
    "Flip",
    "Flows",
    "Imported",
    "KINDS",
    "LINES",
    "Ledger",
    "Line",
    "Meter",
    "Moved",
    "Movement",
    "Offer",
    "PoolStory",
    "Price",
    "PriceBook",
    "Rules",
    "Setting",
    "Sizes",
    "StorageLedger",
    "Stress",
    "Swing",
    "TERMS",
    "Term",
    "Terms",
    "TierWorth",
    "TypeShare",
    "TypeWorth",
    "Verdict",
    "WAYS",
    "Worth",
    "azure_prices",
    "bill",
    "break_even",
    "checked_terms",
    "early_deletion_gb_months",
    "flips",
    "knobs",
    "least_size_bytes",
    "meters",
    "months_to_pay_back",
    "moved",
    "own_prices",
    "pays_back",
    "pool_gb",
    "pool_story",
    "present_value",
    "retail_query",
    "shared",
    "sharepoint_bill",
    "storage_ledger",
    "stored_at",
    "stress",
    "swings",
    "terms_of",
    "tiers",
    "trimmed_gb",
    "verdict",
    "worth",
    "yours",
]
