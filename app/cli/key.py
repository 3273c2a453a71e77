"""Make, rotate, list or end the keys that programs ask the API with."""

from __future__ import annotations

import argparse

from app.cli.desk import declare_rights, desk
from app.cli.screen import Screen, table
from forecast_core import ApiKey, SettingsError

DAYS = 90


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "A key is shown once. One that was rotated holds for a week more, so that nothing stops."
    parser.add_argument("what", choices=("make", "rotate", "end", "list"), help="what to do")
    parser.add_argument("which", nargs="?", default="", help="title of a new key, id of an old one")
    parser.add_argument("--days", type=int, default=DAYS, help=f"how long it holds, days; {DAYS} by default")
    declare_rights(parser)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Do it."""
    if asked.what != "list" and not asked.which:
        raise SettingsError("Which key?", allowed="a title or an id after the word", hint='key make "nightly job"')
    with desk() as people:
        if asked.what == "list":
            found = people.keys()
            screen.result({"keys": [_told(each) for each in found]}, _table(found))
        elif asked.what == "end":
            people.end_key(asked.which)
            screen.result({"key": asked.which, "ended": True}, f"The key {asked.which} opens nothing any more.")
        else:
            made = (
                people.make_key(asked.which, asked.role, asked.tenant, asked.days)
                if asked.what == "make"
                else people.rotate_key(asked.which, asked.days)
            )
            screen.result({"key": made}, f"{made}\nShown once; it holds {asked.days} days.")
    return 0


def _told(found: ApiKey) -> dict[str, str | bool]:
    end = (found.ended_at or found.ends_at).isoformat()
    return {"id": found.id, "title": found.title, "role": found.role, "tenant": found.tenant, "ends": end}


def _table(found: tuple[ApiKey, ...]) -> str:
    rows = [
        (each.id, each.title, each.role, each.tenant or "house", f"{each.ended_at or each.ends_at:%Y-%m-%d}")
        for each in found
    ]
    return table([("id", "title", "role", "tenant", "ends"), *rows])
