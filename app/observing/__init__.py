"""What is seen of the running product: log lines, meters, and Application Insights where it is asked for.

In:    requests, use cases, pages.
Out:   one JSON line each on standard error; `/metrics`.
Never: writes a row of data, a file name, a password, a key or a query; sends anything anywhere by itself.
"""

from app.observing.logs import say, set_up
from app.observing.requests import Requests
from app.observing.telemetry import send_to_insights
from app.observing.use_cases import Observed

__all__ = ["Observed", "Requests", "say", "send_to_insights", "set_up"]
