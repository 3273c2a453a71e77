"""What an administrator sees and does: accounts, keys, the audit.

In:    entries of the page.
Out:   `View`; accounts and keys made, changed, ended through the house's own hands.
Never: keeps a password or a key for longer than one drawing of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from app.access import Role
from app.state import attempt
from app.state.services import house, people
from forecast_core import Account, ApiKey, Audit, Checked, Entry

SHOWN = 500


@dataclass(frozen=True)
class View:
    """Everybody who may come in, the latest acts, and whether the chain of all of them is whole."""

    accounts: tuple[Account, ...]
    keys: tuple[ApiKey, ...]
    entries: tuple[Entry, ...]
    chain: Checked
    now: datetime


def view() -> View:
    """Return what the page shows; RoleError for anybody but an administrator."""
    known, audit = people(), Audit(house().store)
    return View(known.accounts(), known.keys(), audit.latest(SHOWN), audit.check(), datetime.now(UTC))


def everything() -> tuple[Entry, ...]:
    """Return every entry of the audit, for an administrator."""
    people().accounts()
    return tuple(Audit(house().store).all())


def shown_once() -> tuple[str, str] | None:
    """Return what was made just now, and forget it."""
    found: tuple[str, str] | None = st.session_state.pop("admin_made", None)
    return found


def add() -> None:
    """Make the account that was typed."""
    name, role, tenant = _typed("admin_name"), _role("admin_role"), _typed("admin_tenant")
    _made(f"The password of {name}", lambda: people().add(name, role, tenant))


def renew() -> None:
    """Make a new password for the chosen account."""
    name = _typed("admin_account")
    _made(f"The new password of {name}", lambda: people().renew(name))


def give() -> None:
    """Give the chosen account the chosen role."""
    attempt(lambda: people().give(_typed("admin_account"), _role("admin_new_role"), _typed("admin_new_tenant")))


def end() -> None:
    """End the chosen account."""
    attempt(lambda: people().end(_typed("admin_account")))


def make_key() -> None:
    """Make the key that was typed."""
    title, role, tenant = _typed("admin_title"), _role("admin_key_role"), _typed("admin_key_tenant")
    days = int(st.session_state["admin_days"])
    _made(f"The key {title}", lambda: people().make_key(title, role, tenant, days))


def rotate_key() -> None:
    """Make a key in place of the chosen one."""
    identity = _typed("admin_key")
    _made(f"The key in place of {identity}", lambda: people().rotate_key(identity, int(st.session_state["admin_days"])))


def end_key() -> None:
    """End the chosen key."""
    attempt(lambda: people().end_key(_typed("admin_key")))


def _made(what: str, make: Callable[[], str]) -> None:
    def act() -> None:
        st.session_state["admin_made"] = (what, make())

    attempt(act)


def _typed(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()


def _role(key: str) -> Role:
    found: Role = st.session_state[key]
    return found
