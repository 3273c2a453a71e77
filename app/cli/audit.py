"""Verify the audit, or write it out: who did what, when, from where."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import asdict

from app.cli import desk
from app.cli.screen import Screen
from app.wire import plain
from forecast_core import SettingsError

BROKEN = 1


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "Every entry is logged with its number and sum: with one of them a cut end shows, too."
    parser.add_argument("what", choices=("verify", "export"), help="verify the chain, or write every entry, JSON lines")
    parser.add_argument("--known", default="", metavar="NUMBER:SUM", help="an entry as it was logged")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Verify or write out."""
    audit = desk.audit()
    if asked.what == "export":
        for entry in audit.all():
            act = plain(asdict(entry.act) | {"at": entry.act.at.isoformat()})
            told = {"number": entry.number, "sha256": entry.sha256, **act}
            screen.result(told, json.dumps(told, ensure_ascii=False))
        return 0
    found = audit.check(_known(asked.known))
    whole = f"{found.length} entries, the chain is whole; it ends with {found.length}:{found.head}"
    text = whole if found.broken is None else f"The chain is broken at entry {found.broken} of {found.length}."
    screen.result({"length": found.length, "head": found.head, "broken": found.broken}, text)
    return 0 if found.broken is None else BROKEN


def _known(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}:[0-9a-f]{64}", text):
        raise SettingsError("An entry cannot be read.", allowed="its number, a colon, its sum, as verify writes them")
    number, _, sha256 = text.partition(":")
    return int(number), sha256
