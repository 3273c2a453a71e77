"""Make, change, list or end the accounts that people sign in with."""

from __future__ import annotations

import argparse

from app.cli.desk import declare_rights, desk
from app.cli.screen import Screen, table
from forecast_core import Account, SettingsError


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "For sign-in with accounts of our own (ARCHIVE_FORECAST_SIGN_IN=local). Passwords are shown once."
    parser.add_argument("what", choices=("add", "role", "renew", "end", "list"), help="renew makes a new password")
    parser.add_argument("name", nargs="?", default="", help="name of the account")
    declare_rights(parser)


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Do it."""
    if asked.what != "list" and not asked.name:
        raise SettingsError("Whose account?", allowed="a name after the word", hint="account add NAME --role analyst")
    with desk() as people:
        if asked.what == "list":
            found = people.accounts()
            screen.result({"accounts": [_told(each) for each in found]}, _table(found))
        elif asked.what in ("add", "renew"):
            made = people.add(asked.name, asked.role, asked.tenant) if asked.what == "add" else people.renew(asked.name)
            screen.result({"name": asked.name, "password": made}, f"{made}\nThe password of {asked.name}, shown once.")
        elif asked.what == "role":
            people.give(asked.name, asked.role, asked.tenant)
            screen.result({"name": asked.name, "role": asked.role}, f"{asked.name} is {asked.role} now.")
        else:
            people.end(asked.name)
            screen.result({"name": asked.name, "ended": True}, f"{asked.name} may not come in any more.")
    return 0


def _told(found: Account) -> dict[str, str | bool]:
    return {"name": found.name, "role": found.role, "tenant": found.tenant, "open": found.ended_at is None}


def _table(found: tuple[Account, ...]) -> str:
    rows = [(each.name, each.role, each.tenant or "house", "ended" if each.ended_at else "open") for each in found]
    return table([("name", "role", "tenant", "state"), *rows])
