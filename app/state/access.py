"""Who works on this page, and what they may do.

In:    what the gate said when the page's socket was opened.
Out:   `who()`, `may()`.
Never: knows somebody the gate does not.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.access import Identity, Role
from app.access.current import current, look_also
from app.access.introducing import identity_in
from app.state.services import settings

HERE = Identity("local", "admin")


def _of_page() -> Identity | None:
    """Return whom the gate let in; without a gate (a test of a page) the one at this machine, if nobody signs in."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    found = identity_in(st.context.headers)
    return found if found is not None or settings().sign_in != "off" else HERE


look_also(_of_page)


def who() -> Identity:
    """Return who is here."""
    return current()


def may(role: Role) -> bool:
    """Return whether somebody here may do what takes a role."""
    return who().may(role)


def has_password() -> bool:
    """Return whether people here have passwords of ours, which they may change."""
    return settings().sign_in == "local"


def signs_in() -> bool:
    """Return whether people sign in here, so that they can sign out."""
    return settings().sign_in in ("local", "oidc")
