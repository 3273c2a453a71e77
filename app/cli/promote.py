"""Let a published version answer."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli.screen import Screen
from app.cli.service import declare_data, declare_reason, now, service
from app.cli.train import NOT_TOLD


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument("version", nargs="?", default="", help="the version; the challenger if none is named")
    declare_reason(parser)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Promote."""
    outcome = service(asked.tenant).models.promote(asked.data, asked.version, asked.reason, now())
    text = f"{outcome.champion}: {outcome.champion_title} answers from now on. {outcome.registry_note}".rstrip()
    screen.result({"outcome": asdict(outcome)}, text)
    return NOT_TOLD if outcome.registry_note else 0
