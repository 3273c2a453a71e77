"""The parts of the Data page for a file list or an age cube.

In:    `InventoryReading` from the service.
Out:   widgets; the accepted inventory is opened on the Policy page.
Never: uses a file before the user says so.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import state, widgets
from app.state import files
from app.text import inventory as words
from app.text.data import OPTIONS, plural
from forecast_core import NO_RULE_MONTHS, InventoryReading

POLICY_PAGE = str(Path(__file__).resolve().parents[1] / "pages" / "policy.py")
RULES = (NO_RULE_MONTHS, 6, 12, 18, 24, 36, 48, 60, 84, 120)


def counts(found: InventoryReading) -> None:
    """Draw the sentence, and where every row went."""
    st.html(widgets.title(words.understood(found)))
    st.markdown(words.counted(found))


def rule(found: InventoryReading) -> None:
    """Ask which rule is in force; files it took are in the archive already and cannot be archived again."""
    key = state.prepared("rule_in_force", files.inventory_choices().rule_months)
    st.selectbox(
        "Which age rule is in force today?",
        RULES,
        key=key,
        format_func=words.rule_in_force,
        on_change=state.on_value(key, lambda months: files.choose_inventory(rule_months=months)),
        help="Files older than the rule in force count as archived already. Choose none if all of them are on primary.",
    )


def folders(found: InventoryReading) -> None:
    """Ask what a scope is where a file list names none."""
    if not found.asks_folders:
        return
    st.segmented_control(
        "A scope is",
        range(3),
        key=state.prepared("folders", found.folders),
        required=True,
        format_func=words.FOLDERS.__getitem__,
        on_change=state.on_value("folders", lambda levels: files.choose_inventory(folders=levels)),
    )


def dates(found: InventoryReading) -> None:
    """Ask which number in a date is the day, where the list does not tell."""
    if not found.asks_date_order:
        return
    st.segmented_control(
        "In dates such as 03/04/2027 the first number is",
        ("dmy", "mdy"),
        key=state.prepared("list_dates", {"auto": None}.get(order := files.inventory_choices().date_order, order)),
        format_func=OPTIONS.__getitem__,
        on_change=state.on_value("list_dates", lambda order: files.choose_inventory(date_order=order)),
    )


def history(found: InventoryReading) -> None:
    """Ask for the monthly history of the same estate; then the better of both answers, scope by scope."""
    infos = {info.id: info for info in state.service().datasets() if not info.has_inventory and not info.is_demo}
    if not infos:
        return
    key = state.prepared("history_beside", files.inventory_choices().history_id)
    st.selectbox(
        "Which monthly history is of the same estate?",
        ["", *infos],
        key=key,
        format_func=lambda identity: infos[identity].name if identity else "none",
        on_change=state.on_value(key, lambda identity: files.choose_inventory(history_id=identity)),
        help="Files and months are then judged side by side on what was recorded; the better one answers per scope.",
    )
    chosen = infos.get(files.inventory_choices().history_id)
    if chosen is not None and found.inventory is not None:
        st.caption(words.common_scopes(found.inventory.modified.last.scopes, chosen.scopes))


def confirm(found: InventoryReading) -> None:
    """Draw the yes: nothing is stored or used before it."""
    if found.inventory is None:
        st.error("Nothing is used yet: no row can be read. Fix the file and upload it again.", icon=":material/block:")
        return
    seen = True
    if faulty := words.faulty(found):
        seen = st.checkbox(f"I have seen that {plural(faulty, 'row')} will not be used", key="consent")
    if st.button("Use this inventory", key="use", icon=":material/check:", disabled=not seen):
        files.accept(found)
        st.switch_page(POLICY_PAGE)
