"""What the session remembers of the file being looked at: how it is to be read, what was understood.

In:    the uploaded bytes, answers of the user.
Out:   what was understood; the accepted data set is opened.
Never: uses a file before the user says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from app.state import service, settle, show, today
from forecast_core import Choices, InventoryChoices, InventoryReading, Reading


def reading(name: str, content: bytes, file_id: str) -> Reading | InventoryReading:
    """Return what was understood of a history or a file list; read again only when file or choices change."""
    read, said = service().inspect, choices()
    if service().is_inventory(content):
        read, said = service().inspect_inventory, inventory_choices()  # type: ignore[assignment]
    if st.session_state.get("reading", (None,))[0] != (file_id, said):
        st.session_state["reading"] = ((file_id, said), read(name, content, said))
    found: Reading | InventoryReading = st.session_state["reading"][1]
    return found


def inventory_choices() -> InventoryChoices:
    """Return what the user said about the file list."""
    found: InventoryChoices = st.session_state.get("inventory_choices", InventoryChoices())
    return found


def choose_inventory(**answers: Any) -> None:
    """Say something about the file list; it is read again."""
    st.session_state["inventory_choices"] = replace(inventory_choices(), **answers)


def forget_reading() -> None:
    """Forget the file that was looked at, and the choices made for it."""
    for kept in ("reading", "choices", "inventory_choices"):
        st.session_state.pop(kept, None)


def choices() -> Choices:
    """Return how the file is to be read."""
    found: Choices = st.session_state.get("choices", Choices())
    return found


def choose_reading(**answers: Any) -> None:
    """Answer a question about the file; it is read again."""
    st.session_state["choices"] = replace(choices(), **answers)


def map_column(header: str, name: str) -> None:
    """Take a header for another column, or for none."""
    choose_reading(mapping=tuple({**dict(choices().mapping), header: name}.items()))


def accept(found: Reading | InventoryReading) -> None:
    """Store the file that was looked at and open it; its model is learned now, and kept for good."""
    info = service().accept(found, datetime.now(UTC).isoformat(timespec="seconds"))
    show(today(info.id))
    forget_reading()
    settle()
