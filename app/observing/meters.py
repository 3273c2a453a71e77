"""What is counted and timed, for Prometheus.

In:    counts and seconds.
Out:   the text of `/metrics`.
Never: has a label that a visitor can invent: unknown paths count as one.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from forecast_core import VERSION

NAME = "archive_forecast"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
registry = CollectorRegistry()
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)

requests = Counter(f"{NAME}_requests", "Requests answered.", ("route", "method", "status"), registry=registry)
request_seconds = Histogram(
    f"{NAME}_request_seconds", "Time to answer a request.", ("route",), registry=registry, buckets=SECONDS
)
use_cases = Counter(f"{NAME}_use_cases", "Use cases, done or refused.", ("use_case", "outcome"), registry=registry)
use_case_seconds = Histogram(
    f"{NAME}_use_case_seconds", "Time of a use case.", ("use_case",), registry=registry, buckets=SECONDS
)
pages = Counter(f"{NAME}_page_visits", "Pages opened.", ("page",), registry=registry)
sockets = Gauge(f"{NAME}_sockets", "Browsers connected.", registry=registry)
Gauge(f"{NAME}_info", "The release that runs.", ("version",), registry=registry).labels(VERSION).set(1)


def text() -> bytes:
    """Return every meter as Prometheus reads it."""
    return bytes(generate_latest(registry))
