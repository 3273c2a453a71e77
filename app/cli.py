"""The command line: `archive-forecast scan PATH` writes an age cube that the Data page takes.

In:    arguments of a shell.
Out:   files, lines on standard output, progress and errors on standard error; exit code 0 if anything was found.
Never: asks a question; needs the web app.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.text.numbers import count, volume
from forecast_core import ForecastError
from forecast_core.sources.scan import Scan, scan, write_cube

GB = 2**30
PROGRESS_SECONDS = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _scan(asked)
    except (ForecastError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("archive-forecast", description="What will archiving free and save, and what if?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    found = commands.add_parser(
        "scan",
        help="count the files of a folder by age, size and type",
        description="Counts the files of a folder by age, size and type. No name, path or content is kept; links are "
        "not followed. Upload the file it writes on the Data page.",
    )
    found.add_argument("path", type=Path, help="folder to scan")
    found.add_argument("--out", type=Path, default=Path("age-cube.csv"), help="file to write (age-cube.csv)")
    found.add_argument(
        "--add",
        action="store_true",
        help="keep earlier months of that file: what became of the files is learned from them",
    )
    found.add_argument("--scope-depth", type=int, default=1, help="folders how many levels down are the scopes (1)")
    found.add_argument("--accessed", action="store_true", help="count by last access as well, where the disk keeps it")
    return parser


def _scan(asked: argparse.Namespace) -> int:
    month = np.datetime64("today", "M")
    found = scan(asked.path, scope_depth=asked.scope_depth, accessed=asked.accessed, progress=_Progress())
    sys.stderr.write("\r\033[K" if sys.stderr.isatty() else "")
    for path, reason in found.errors:
        sys.stderr.write(f"not read: {path}: {reason}\n")
    if not found.files:
        sys.stderr.write(f"There are no files in {asked.path}; nothing was written.\n")
        return 1
    cells = found.cells(month)
    months = write_cube(cells, asked.out, add=asked.add)
    sys.stdout.write(_said(found, len(cells), months, asked.out))
    return 0


def _said(found: Scan, cells: int, months: int, target: Path) -> str:
    passed = ", ".join(
        f"{count(number)} {what}"
        for number, what in (
            (found.links, "links not followed"),
            (found.special, "special files passed over"),
            (len(found.errors), "not read"),
        )
        if number
    )
    return (
        f"{count(found.files)} files, {volume(found.bytes / GB)}, in {count(found.folders)} folders"
        f"{' (' + passed + ')' if passed else ''}\n"
        f"{target}: {count(cells)} cells, {months} {'month' if months == 1 else 'months'}. "
        "Upload it on the Data page, then open Policy.\n"
    )


class _Progress:
    """Writes how far it is, once a second at most."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, files: int, volume_bytes: int) -> None:
        """Say it if it is time."""
        now = time.monotonic()
        if now - self._last >= PROGRESS_SECONDS:
            self._last = now
            end = "" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"\r{files:,} files, {volume(volume_bytes / GB)} …{end}")
            sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
