"""Requests and use cases as OpenTelemetry spans, sent to Application Insights where its address was set.

In:    the connection string.
Out:   spans with the same facts as the log lines.
Never: sends anything without a connection string; sends a query, a body, a person's name; talks to a library's makers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from forecast_core import VERSION, Settings
from forecast_core.settings import keep_to_itself

NAME = "archive-forecast"
QUIET = {
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
}
tracer = trace.get_tracer(NAME, VERSION)


def send_to_insights(settings: Settings) -> None:
    """From here on send spans to Application Insights, if it is set; failing to send never holds an answer up."""
    if not settings.insights:
        return
    keep_to_itself(QUIET)
    from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter  # half a second, rarely wanted
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    about = Resource.create({"service.name": NAME, "service.version": VERSION})
    exporter = AzureMonitorTraceExporter(connection_string=settings.insights, disable_offline_storage=True)
    provider = TracerProvider(resource=about)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[dict[str, Any]]:
    """Time something; the facts that are put into what is given go along."""
    facts: dict[str, Any] = {}
    with tracer.start_as_current_span(name, kind=kind, record_exception=False) as found:  # it may quote a row
        try:
            yield facts
        finally:
            found.set_attributes(_known(facts))
            if facts.get("outcome") == "failed" or facts.get("http.response.status_code", 0) >= 500:
                found.set_status(Status(StatusCode.ERROR))


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
