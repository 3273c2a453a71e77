"""What would have been said, what came, who answers, and how far a question may go.

In:    a history and estimators.
Out:   `Rolled`, `Score`, `Race`, `Guard`.
Never: lets a model see what came.
"""

from forecast_core.backtest.guard import Guard, Trust
from forecast_core.backtest.rolling import Rolled, recorded_plan, roll
from forecast_core.backtest.scores import Score, score, wape
from forecast_core.backtest.selection import Entrant, Race, race

__all__ = ["Entrant", "Guard", "Race", "Rolled", "Score", "Trust", "race", "recorded_plan", "roll", "score", "wape"]
