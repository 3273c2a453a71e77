"""Show a model card."""

from __future__ import annotations

import argparse

from app.cli.screen import Screen
from app.cli.service import declare_data, service
from app.text import models as words


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument("version", nargs="?", default="", help="the version; the champion if none is named")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Print the card."""
    card = service(asked.tenant).models.card(asked.data, asked.version)
    screen.result(card, words.card(card))
    return 0
