"""Where the command line stands in for an administrator: whoever may start it owns the data anyway."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from app.access import ROLES, Identity
from app.access.building import people
from app.access.current import serving
from app.access.people import People
from forecast_core import Audit, Settings, Store


def store() -> Store:
    """Return the store of the house."""
    settings = Settings.load()
    return Store.at(settings.data_dir, settings.database_url)


def audit() -> Audit:
    """Return the audit of the house."""
    return Audit(store())


@contextmanager
def desk() -> Iterator[People]:
    """Act as the administrator who sits at this machine."""
    with serving(Identity(getpass.getuser(), "admin", place="command line")):
        yield people(Settings.load(), store())


def declare_rights(parser: argparse.ArgumentParser) -> None:
    """Ask for a role and a tenant."""
    parser.add_argument("--role", choices=ROLES, default="viewer", help="what they may do; viewer by default")
    parser.add_argument("--tenant", default="", metavar="NAME", help="behind whose wall; the house by default")
