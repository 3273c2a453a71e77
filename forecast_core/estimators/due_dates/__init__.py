"""Due dates: with a file inventory, the age of the files carries the forecast.

In:    inventories of an estate, a rule, the pool of other libraries.
Out:   what falls due in which month, how much of it is still there then, and what new content adds.
Never: moves a byte that the inventory does not hold; calls what it computes observed archiving.
"""

from forecast_core.estimators.due_dates.arrivals import FADE_RATIO_PER_MONTH, TRAILING_MONTHS, Arrivals
from forecast_core.estimators.due_dates.draws import Chance, draws
from forecast_core.estimators.due_dates.model import BYTES_PER_GB, Answered, DueDates, DueDatesModel, Untouched
from forecast_core.estimators.due_dates.pool import Pool
from forecast_core.estimators.due_dates.survival import Survival
from forecast_core.estimators.due_dates.triangle import Triangle

__all__ = [
    "BYTES_PER_GB",
    "FADE_RATIO_PER_MONTH",
    "TRAILING_MONTHS",
    "Answered",
    "Arrivals",
    "Chance",
    "DueDates",
    "DueDatesModel",
    "Pool",
    "Survival",
    "Triangle",
    "Untouched",
    "draws",
]
