"""Exchange data sets and models with the shared storage, once."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli.screen import Screen
from app.cli.service import declare_tenant, service
from forecast_core import SettingsError


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_tenant(parser)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Go round once and say what went which way."""
    mirror = service(asked.tenant).mirror
    if mirror is None:
        raise SettingsError("No storage is shared.", hint="Set ARCHIVE_FORECAST_SHARED_STORAGE.")
    done = mirror.sync()
    text = f"fetched {len(done.fetched)}, sent {len(done.sent)}, overruled {len(done.overruled)}."
    screen.result(asdict(done), text)
    return 0
