"""Publish what was trained in another folder, whole or not at all."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.screen import Screen
from app.cli.service import declare_data, service


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="folder of published models")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Hand over the versions that are missing there, then who answers."""
    fresh = service(asked.tenant).models.register(asked.data, asked.to)
    text = f"published in {asked.to}: {', '.join(fresh) or 'nothing new'}."
    screen.result({"dataset": asked.data, "published": list(fresh)}, text)
    return 0
