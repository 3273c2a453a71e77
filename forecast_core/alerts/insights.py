"""A custom event in Application Insights.

In:    a connection string; a message.
Out:   one event `archive_forecast_drift` with the facts as properties.
Never: shows the instrumentation key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from forecast_core.alerts.channel import Message, RefusedError, TryAgainError, post

EVENT = "archive_forecast_drift"
DEFAULT_ENDPOINT = "https://dc.services.visualstudio.com"


def connection(text: str) -> tuple[str, str]:
    """Return endpoint and key of a connection string; ValueError where it has no key.

    >>> connection("InstrumentationKey=abc;IngestionEndpoint=https://westeurope-1.in.applicationinsights.azure.com/")
    ('https://westeurope-1.in.applicationinsights.azure.com', 'abc')
    """
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    named = {name.strip().lower(): value.strip() for name, value in parts.items()}
    if not named.get("instrumentationkey"):
        raise ValueError("InstrumentationKey=…;IngestionEndpoint=https://…")
    return named.get("ingestionendpoint", DEFAULT_ENDPOINT).rstrip("/"), named["instrumentationkey"]


class Insights:
    """One Application Insights resource."""

    name = "insights"

    def __init__(self, connection_string: str, clock: Callable[[], datetime]) -> None:
        self._endpoint, self._key = connection(connection_string)
        self._clock = clock

    def send(self, message: Message) -> None:
        """Send one event; the endpoint says for each item whether it was taken."""
        properties = {"id": message.id, "title": message.title, "text": message.text, "colour": message.colour}
        envelope = {
            "name": "Microsoft.ApplicationInsights.Event",
            "time": self._clock().isoformat().replace("+00:00", "Z"),
            "iKey": self._key,
            "tags": {"ai.cloud.role": "archive-forecast"},
            "data": {
                "baseType": "EventData",
                "baseData": {"ver": 2, "name": EVENT, "properties": {**properties, **message.facts}},
            },
        }
        answer = post(f"{self._endpoint}/v2.1/track", [envelope])
        if answer.status_code == 206:
            raise TryAgainError("the event was not taken this time")
        try:
            taken = int(answer.json()["itemsAccepted"])
        except (ValueError, KeyError, TypeError) as error:
            raise RefusedError("the endpoint answered something else than Application Insights does") from error
        if taken != 1:
            raise RefusedError("Application Insights did not take the event")
