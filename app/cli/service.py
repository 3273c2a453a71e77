"""The service that commands call, and the data set that they are about."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import numpy as np

from forecast_core import Service, Settings


def service(tenant: str = "") -> Service:
    """Return the service of this environment, of the house or behind a tenant's wall."""
    return Service.of(Settings.load(), np.datetime64("today", "M"), tenant)


def declare_tenant(parser: argparse.ArgumentParser) -> None:
    """Ask for the tenant."""
    parser.add_argument("--tenant", default="", metavar="NAME", help="behind whose wall; the house by default")


def declare_data(parser: argparse.ArgumentParser) -> None:
    """Ask for the data set."""
    parser.add_argument("--data", default="demo", metavar="ID", help="id of the data set; the demo company by default")
    declare_tenant(parser)


def declare_reason(parser: argparse.ArgumentParser) -> None:
    """Ask for a reason."""
    parser.add_argument("--reason", required=True, help="why; kept in the record")


def now() -> str:
    """Return this second as ISO text."""
    return datetime.now(UTC).isoformat(timespec="seconds")
