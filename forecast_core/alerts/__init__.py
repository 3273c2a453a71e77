"""Telling people: a webhook, an e-mail, an event in Application Insights.

In:    messages, the addresses that were set.
Out:   what became of each.
Never: puts an address, a key or a password into a text; sends what may have arrived already.
"""

from forecast_core.alerts.channel import Channel, Message, RefusedError, TryAgainError, UnsureError
from forecast_core.alerts.insights import Insights
from forecast_core.alerts.mail import Mail
from forecast_core.alerts.sending import BACK_OFF_MINUTES, send_due
from forecast_core.alerts.webhook import Webhook

__all__ = [
    "BACK_OFF_MINUTES",
    "Channel",
    "Insights",
    "Mail",
    "Message",
    "RefusedError",
    "TryAgainError",
    "UnsureError",
    "Webhook",
    "send_due",
]
