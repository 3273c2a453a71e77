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

from app.state import open_dataset, service, settle, show, today
from forecast_core import Choices, InventoryChoices, InventoryReading, Reading, Source, UsageReading


def reading(source: Source, file_id: str) -> Reading | InventoryReading | UsageReading:
    """Return what was understood of a history or a file list; read again only when file or choices change."""
    asked = (file_id, choices(), inventory_choices(), usage())
    if st.session_state.get("reading", (None,))[0] != asked:
        read = service().intake.inspect(source, choices(), inventory_choices())
        if isinstance(read, Reading) and usage():
            read = service().intake.with_usage(read, usage())
        st.session_state["reading"] = (asked, read)
    found: Reading | InventoryReading | UsageReading = st.session_state["reading"][1]
    return found


def connect(address: str) -> None:
    """Read from an address from now on, "" for none."""
    forget_reading()
    st.session_state["address"] = address.strip()


def address() -> str:
    """Return the address that is being looked at, "" for none."""
    return str(st.session_state.get("address", ""))


def usage() -> str:
    """Return the usage reports whose stock the history takes, "" for none."""
    return str(st.session_state.get("usage_of", ""))


def choose_usage(identity: str) -> None:
    """Say whose stock the history takes; it is read again."""
    st.session_state["usage_of"] = identity


def keep_usage(found: UsageReading) -> None:
    """Keep a usage report; nothing else is opened."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    service().intake.accept(found, now, replaces=place()[0])
    st.session_state["takes_place_of"] = ("", True)


def place() -> tuple[str, bool]:
    """Return the data set whose place the file takes ("" for none), and whether its earlier months stay."""
    found: tuple[str, bool] = st.session_state.get("takes_place_of", ("", True))
    return found


def choose_place(identity: str, joins: bool) -> None:
    """Say whose place the file takes."""
    st.session_state["takes_place_of"] = (identity, joins)


def bring_back(identity: str) -> None:
    """Put a replaced data set back in its place and open it."""
    open_dataset(service().intake.bring_back(identity, datetime.now(UTC).isoformat(timespec="seconds")))


def inventory_choices() -> InventoryChoices:
    """Return what the user said about the file list."""
    found: InventoryChoices = st.session_state.get("inventory_choices", InventoryChoices())
    return found


def choose_inventory(**answers: Any) -> None:
    """Say something about the file list; it is read again."""
    st.session_state["inventory_choices"] = replace(inventory_choices(), **answers)


def forget_reading() -> None:
    """Forget the file that was looked at, and the choices made for it."""
    for kept in ("reading", "choices", "inventory_choices", "address", "takes_place_of", "usage_of"):
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
    replaces, joins = place()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    show(today(service().intake.accept(found, now, replaces=replaces, joins=joins)))
    forget_reading()
    settle()
