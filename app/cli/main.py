"""Read the arguments, run the command, turn errors into an exit code."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence

from app.cli import (
    account,
    audit,
    card,
    compare,
    ingest,
    key,
    monitor,
    predict,
    promote,
    register,
    rollback,
    scan,
    share,
    simulate,
    store,
    train,
    validate,
)
from app.cli.screen import Screen
from forecast_core import ForecastError

COMMANDS = (
    simulate,
    predict,
    ingest,
    validate,
    train,
    compare,
    register,
    promote,
    rollback,
    card,
    scan,
    monitor,
    store,
    share,
    account,
    key,
    audit,
)
REFUSED, STOPPED = 1, 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = argparse.ArgumentParser(prog="archive-forecast", description="What archiving will free and save.")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for command in COMMANDS:
        name, about = command.__name__.rpartition(".")[2], (command.__doc__ or "").splitlines()[0]
        own = commands.add_parser(name, help=about, description=about)
        own.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
        command.declare(own)
        own.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    asked = parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    screen = Screen(as_json=asked.json)
    try:
        code: int = asked.run(asked, screen)
    except ForecastError as error:
        screen.error(error)
        return REFUSED
    except KeyboardInterrupt:
        screen.note("Stopped; nothing was changed.")
        return STOPPED
    return code
