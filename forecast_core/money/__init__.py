"""What it is worth: stored GB times dated prices, month by month, after every fee, quota and small-file rule.

In:    flows in GB and files, a recall ratio, terms, prices with their source.
Out:   ledgers, worth, thresholds, a verdict that can say "don't".
Never: takes both sides of the bill out of one number; treats an unknown price as zero.
"""

from forecast_core.money.ledger import Ledger, Line, bill, shared
from forecast_core.money.lines import KINDS, LINES
from forecast_core.money.movement import Movement, early_deletion_gb_months
from forecast_core.money.offers import Offer, Rules
from forecast_core.money.price_book import PriceBook
from forecast_core.money.prices import Price
from forecast_core.money.quota import sharepoint_bill
from forecast_core.money.sizes import Sizes
from forecast_core.money.storage import StorageLedger, pays_back, storage_ledger
from forecast_core.money.terms import Terms, checked_terms, terms_of
from forecast_core.money.thresholds import least_size_bytes, months_to_pay_back
from forecast_core.money.usage import Flows, Meter, Moved, Setting, meters, moved
from forecast_core.money.worth import Worth, worth

__all__ = [
    "Flows",
    "KINDS",
    "LINES",
    "Ledger",
    "Line",
    "Meter",
    "Moved",
    "Movement",
    "Offer",
    "Price",
    "PriceBook",
    "Rules",
    "Setting",
    "Sizes",
    "StorageLedger",
    "Terms",
    "Worth",
    "bill",
    "checked_terms",
    "early_deletion_gb_months",
    "least_size_bytes",
    "meters",
    "months_to_pay_back",
    "moved",
    "pays_back",
    "sharepoint_bill",
    "shared",
    "storage_ledger",
    "terms_of",
    "worth",
]
