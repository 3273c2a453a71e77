"""Back up what people keep, or put a backup back."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.cli.screen import Screen
from app.cli.service import now, service


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "A backup of SQLite can be put back into PostgreSQL, and the other way round."
    parser.add_argument("what", choices=("backup", "restore"), help="write a backup, or put one back, whole")
    parser.add_argument("file", type=Path, help="the backup, a ZIP file")
    parser.add_argument("--replace", action="store_true", help="put back in place of what is there")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Back up or restore."""
    kept = service().kept
    if asked.what == "backup":
        made, word = kept.back_up(asked.file, now()), "written to"
    else:
        made, word = kept.put_back(asked.file, replace=asked.replace), "put back from"
    rows = ", ".join(f"{count} of {name}" for name, count in made.rows.items())
    screen.result({"backup": asdict(made)}, f"{rows or 'nothing'}: {word} {asked.file}.")
    return 0
