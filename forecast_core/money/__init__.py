"""What it is worth: stored GB times dated prices, month by month.

In:    flows in GB, a recall ratio, prices with their source.
Out:   what each month saves, and all months so far.
Never: takes both sides of the bill out of one number; treats an unknown price as zero.
"""

from forecast_core.money.ledger import Ledger, ledger, pays_back
from forecast_core.money.price_book import Price, PriceBook

__all__ = ["Ledger", "Price", "PriceBook", "ledger", "pays_back"]
