"""One small place for every file: choose, prepare, download; and the presentation on this screen.

In:    the open question.
Out:   a popover, a download; what is made is kept by `app.state.exports`.
Never: makes a file that nobody asked for.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import state, widgets
from app.pack import KINDS
from app.state import exports, lab
from app.text.numbers import BYTE_GB, volume

PRESENT = str(Path(__file__).resolve().parents[1] / "pages" / "present.py")
SHOW_HEIGHT = 560


def block() -> None:
    """Draw the popover."""
    pop = st.popover("Export", key="export_pop", icon=":material/download:", on_change="rerun")
    if not pop.open:
        return
    with pop:
        titles = {name: kind.title for name, kind in KINDS.items()}
        chosen = st.selectbox("File", list(KINDS), key=state.kept_choice("export_as"), format_func=titles.__getitem__)
        st.caption(KINDS[chosen].what)
        if not lab.is_signed_in():
            key = state.prepared("export_who", "" if lab.who() == lab.NOBODY else lab.who())
            act = state.on_value(key, lab.call_me)
            st.text_input("Your name", key=key, on_change=act, placeholder="stands on every page of it")
        with widgets.guard():
            _file(chosen)
        if chosen == "html":
            st.page_link(PRESENT, label="Present on this screen", icon=":material/slideshow:")


def _file(chosen: str) -> None:
    """Draw the button that prepares a file, its progress, and the download."""
    place, found = st.empty(), exports.made(chosen)
    if found is None and place.button("Prepare", key="export_make"):
        found = _prepared(chosen, place)
    if found:
        size = volume(len(found.content) * BYTE_GB)
        place.download_button(
            f"Download, {size}", found.content, found.name, found.mime, key="export_file",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _prepared(chosen: str, place: st.delta_generator.DeltaGenerator) -> exports.Export:
    bar = place.progress(0.0, "Asking the model")

    def told(done: int, of: int, what: str) -> None:
        bar.progress(done / max(of, 1), f"{min(done + 1, of)} of {of}: {what}")

    return exports.make(chosen, told)


def presentation() -> None:
    """Draw the presentation; the page keeps its keys, Full screen fills the screen."""
    found = exports.made("html") or exports.make("html")
    st.iframe(found.content.decode(), height=SHOW_HEIGHT, alt="Presentation: arrow keys move forward and back")
