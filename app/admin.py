"""The parts of the Admin page: who may come in, with which key, and what was done.

In:    a `View`.
Out:   widgets on the page.
Never: shows a password or a key twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app import tables, widgets
from app.access import ROLES
from app.state import admin as state
from app.state.admin import View
from app.text import admin as words

Write = Callable[[], None]


def headline(view: View) -> None:
    """Draw the sentence: how many may come in, how much is written down, whether it can be trusted."""
    widgets.headline(words.headline(view.accounts, view.keys, view.chain, view.now), widgets.line(words.ABOUT))


def shown_once() -> None:
    """Draw the password or key that was made just now."""
    if made := state.shown_once():
        st.warning(f"{made[0]}, shown this once. Copy it now.", icon=":material/key:")
        st.code(made[1], language=None)


def accounts(view: View) -> None:
    """Draw the accounts, and what can be done with them."""
    st.html(widgets.title("People", "accounts of sign-in by name and password"))
    _listed(words.accounts(view.accounts), "No account yet. Accounts count where people sign in by name and password.")
    with st.expander("New account", key="admin_new_account"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Name", key="admin_name", max_chars=120)
            st.selectbox("Role", ROLES, key="admin_role")
            st.text_input("Tenant, empty for the house", key="admin_tenant", max_chars=80)
        st.button("Make the account", key="admin_add", on_click=state.add)
    if known := [each.name for each in view.accounts if each.ended_at is None]:
        with st.expander("Change an account", key="admin_change_account"):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.selectbox("Account", known, key="admin_account")
                st.selectbox("New role", ROLES, key="admin_new_role")
                st.text_input("New tenant, empty for the house", key="admin_new_tenant", max_chars=80)
            acts = (("Give role and tenant", state.give), ("New password", state.renew), ("End the account", state.end))
            _buttons("admin_account", acts)


def keys(view: View) -> None:
    """Draw the keys, and what can be done with them."""
    st.html(widgets.title("Programs", "keys of the API"))
    _listed(words.keys(view.keys, view.now), "No key yet. Without one, programs are not let in where people sign in.")
    with st.expander("New key", key="admin_new_key"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("What it is for", key="admin_title", max_chars=100)
            st.selectbox("Role", ROLES, key="admin_key_role")
            st.text_input("Tenant, empty for the house", key="admin_key_tenant", max_chars=80)
            st.number_input("Holds, days", 1, 366, 90, key="admin_days")
        st.button("Make the key", key="admin_make_key", on_click=state.make_key)
    if known := [each.id for each in view.keys if each.ended_at is None and each.ends_at > view.now]:
        with st.expander("Rotate or end a key", key="admin_change_key"):
            st.selectbox("Key", known, key="admin_key")
            _buttons(
                "admin_key", (("Rotate: the old one holds a week more", state.rotate_key), ("End now", state.end_key))
            )


def audit(view: View) -> None:
    """Draw the latest acts; all of them can be downloaded."""
    st.html(widgets.title("What was done", f"the latest {min(len(view.entries), state.SHOWN)}, the newest first"))
    _listed(words.entries(view.entries), "Nothing was done yet.")
    fold = st.expander("All of it, CSV, and how to hold it to what it is now", key="admin_audit", on_change="rerun")
    if fold.open:
        fold.caption(words.ANCHOR)
        fold.code(
            f"python -m app.cli audit verify --known {view.chain.length}:{view.chain.head}",
            language=None,
            wrap_lines=True,
        )
        text = tables.to_csv(words.whole(state.everything()))
        fold.download_button("Download CSV", text, "audit.csv", "text/csv", key="admin_audit_csv", on_click="ignore")


def _listed(table: tables.Table, nothing: str) -> None:
    if any(len(column) for column in table.values()):
        st.html(widgets.text_table(table, "faults", state.SHOWN))
    else:
        st.caption(nothing)


def _buttons(key: str, acts: Sequence[tuple[str, Write]]) -> None:
    with st.container(horizontal=True):
        for number, (label, act) in enumerate(acts):
            st.button(label, key=f"{key}_{number}", on_click=act)
