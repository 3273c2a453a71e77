"""Count the files of a folder by age, size and type, for the Policy page."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from app.cli.screen import Screen
from app.text.numbers import volume
from forecast_core.sources.scan import Scan, scan, write_cube

GB = 2**30
PROGRESS_SECONDS = 1.0
NOTHING = 1


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "No name, path or content is kept; links are not followed. Upload the file on the Data page."
    parser.add_argument("path", type=Path, help="folder to scan")
    parser.add_argument("--out", type=Path, default=Path("age-cube.csv"), help="file to write (age-cube.csv)")
    learn = "keep earlier months of that file: what became of the files is learned from them"
    parser.add_argument("--add", action="store_true", help=learn)
    parser.add_argument("--scope-depth", type=int, default=1, help="how many levels down the folders are scopes (1)")
    accessed = "count by last access as well, where the disk keeps it"
    parser.add_argument("--accessed", action="store_true", help=accessed)

    resume = "a scan that was stopped goes on where it was; how far it is stands in a file beside --out"
    parser.add_argument("--resume", action="store_true", help=resume)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Scan and write; what cannot be read is listed, not fatal."""
    found = scan(
        asked.path,
        scope_depth=asked.scope_depth,
        accessed=asked.accessed,
        progress=_Progress(screen),
        journal=asked.out.with_name(f"{asked.out.name}.journal") if asked.resume else None,
    )
    for path, reason in found.errors:
        screen.note(f"not read: {path}: {reason}")
    if not found.files:
        screen.note(f"There are no files in {asked.path}; nothing was written.")
        return NOTHING
    cells = found.cells(np.datetime64("today", "M"))
    months = write_cube(cells, asked.out, add=asked.add)
    result = {
        "out": str(asked.out),
        "files": found.files,
        "bytes": found.bytes,
        "folders": found.folders,
        "cells": len(cells),
        "months": months,
        "links": found.links,
        "special": found.special,
        "errors": len(found.errors),
    }
    screen.result(result, _said(found, len(cells), months, asked.out))
    return 0


def _said(found: Scan, cells: int, months: int, target: Path) -> str:
    passed = {
        "links not followed": found.links,
        "special files passed over": found.special,
        "not read": len(found.errors),
    }
    words = ", ".join(f"{number:,} {what}" for what, number in passed.items() if number)
    seen = f"{found.files:,} files, {volume(found.bytes / GB)}, in {found.folders:,} folders"
    return (
        f"{seen}{f' ({words})' if words else ''}\n"
        f"{target}: {cells:,} cells, {months} {'month' if months == 1 else 'months'}. "
        "Upload it on the Data page, then open Policy."
    )


class _Progress:
    """Writes how far it is, once a second at most."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._last = time.monotonic()

    def __call__(self, files: int, volume_bytes: int) -> None:
        """Say it if it is time."""
        now = time.monotonic()
        if self._screen.as_json or now - self._last < PROGRESS_SECONDS:
            return
        self._last = now
        tty = sys.stderr.isatty()
        sys.stderr.write(
            f"{chr(13) if tty else ''}{files:,} files, {volume(volume_bytes / GB)} …{'' if tty else chr(10)}"
        )
        sys.stderr.flush()
