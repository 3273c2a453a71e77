"""What would have been said, what came, who answers, and how far a question may go.

In:    a history and estimators.
Out:   `Rolled`, `Score`, `Race`, `Guard`.
Never: lets a model see what came.
"""

from forecast_core.backtest.answerers import Answerer, answerer
from forecast_core.backtest.contest import Contest, Verdict, challenged, contest
from forecast_core.backtest.gates import Behaviour, Gate, Sweep, behaviour
from forecast_core.backtest.guard import Guard, Trust
from forecast_core.backtest.rolling import Rolled, recorded_plan, roll, rolled_again
from forecast_core.backtest.scores import Score, SpanScore, by_scope, by_span, monthly_losses, score, wape
from forecast_core.backtest.selection import ENTRANTS, FIELD, JUDGED_ORIGINS, Entrant, Race, race

__all__ = [
    "ENTRANTS",
    "FIELD",
    "JUDGED_ORIGINS",
    "Answerer",
    "Behaviour",
    "Contest",
    "Entrant",
    "Gate",
    "Guard",
    "Race",
    "Rolled",
    "Score",
    "SpanScore",
    "Sweep",
    "Trust",
    "Verdict",
    "answerer",
    "behaviour",
    "by_scope",
    "by_span",
    "challenged",
    "contest",
    "monthly_losses",
    "race",
    "recorded_plan",
    "roll",
    "rolled_again",
    "score",
    "wape",
]
