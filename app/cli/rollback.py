"""Go back to the version that answered before."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli.screen import Screen
from app.cli.service import declare_data, declare_reason, now, service
from app.cli.train import NOT_TOLD


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    declare_reason(parser)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Roll back."""
    outcome = service(asked.tenant).models.rollback(asked.data, asked.reason, now())
    text = f"{outcome.champion}: {outcome.champion_title} answers again. {outcome.registry_note}".rstrip()
    screen.result({"outcome": asdict(outcome)}, text)
    return NOT_TOLD if outcome.registry_note else 0
