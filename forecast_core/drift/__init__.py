"""Is it still true? What came against what was expected, and against what was said.

In:    a history or an inventory, forecasts and what came of them.
Out:   findings with a colour and what they move; alarms with a memory; a score; misses taken apart.
Never: reads a file or a clock; calls growth a change.
"""

from forecast_core.drift.alarms import Alarm
from forecast_core.drift.alarms import Change as StateChange
from forecast_core.drift.invoice import Invoice
from forecast_core.drift.loop import Due
from forecast_core.drift.misses import Parts
from forecast_core.drift.verdict import Finding, Stake, Tile

__all__ = ["Alarm", "Due", "Finding", "Invoice", "Parts", "Stake", "StateChange", "Tile"]
