"""Carbon as an order of magnitude, with its factors.

In:    TB held over time.
Out:   kg of CO2 equivalents, and every factor that made them.
Never: pretends to more than one digit.
"""

from __future__ import annotations

from dataclasses import dataclass

HOURS_PER_YEAR = 8766.0
WATT_HOURS_PER_TB_HOUR = 0.65
EMBODIED_KG_PER_TB_YEAR = 0.40


@dataclass(frozen=True)
class CarbonFactors:
    """Factors of Cloud Carbon Footprint for disks in Azure, three copies; the grid is an assumption to replace."""

    watt_hours_per_tb_hour: float = WATT_HOURS_PER_TB_HOUR
    copies: float = 3.0
    overhead: float = 1.185
    grid_kg_per_kwh: float = 0.4
    embodied_kg_per_tb_year: float = EMBODIED_KG_PER_TB_YEAR
    source: str = (
        "Cloud Carbon Footprint (disk 0.65 Wh per TB and hour, PUE 1.185, 3 copies); grid 0.4 kg per kWh assumed"
    )


def carbon_kg(tb_years: float, factors: CarbonFactors) -> float:
    """Return kg of CO2 equivalents of keeping so many TB × years on disk.

    >>> round(carbon_kg(1, CarbonFactors()), 1)
    9.3
    """
    power = factors.watt_hours_per_tb_hour * HOURS_PER_YEAR * factors.copies * factors.overhead / 1000
    return tb_years * (power * factors.grid_kg_per_kwh + factors.copies * factors.embodied_kg_per_tb_year)
