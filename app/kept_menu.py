"""Keep what is open, and everything that can be done with one kept scenario.

In:    the open scenario, a kept one.
Out:   popovers; what is done goes to `app.state.lab` by callbacks.
Never: draws what is inside before it is opened.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from app import state, widgets
from app.state import lab
from app.text import scenarios as words
from forecast_core import Kept


def keep() -> None:
    """Draw the form that keeps what is open, under a name of its own or as the next version."""
    pop = st.popover("Keep", key="keep_pop", icon=":material/save:", on_change="rerun")
    if not pop.open:
        return
    with pop:
        st.text_input("Name", key="keep_name", max_chars=120, placeholder="Archive twice as often")
        st.text_area("Note", key="keep_note", height=90, placeholder="Why, for whom, what is assumed")
        if not lab.is_signed_in():
            key = state.prepared("keep_who", "" if lab.who() == lab.NOBODY else lab.who())
            act = state.on_value(key, lab.call_me)
            st.text_input("Your name", key=key, on_change=act, placeholder="kept with it")
        with st.container(horizontal=True):
            st.button("Keep it", key="keep", on_click=lab.keep)
            if made_from := lab.made_from():
                st.button(f"Keep it as version {made_from[1] + 1}", key="keep_version", on_click=lab.keep_version)


def more(kept: Kept) -> None:
    """Draw what can be done with a kept scenario."""
    pop = st.popover("More", key=f"more_{kept.id}", on_change="rerun")
    if not pop.open:
        return
    with pop:
        _name(kept)
        with st.container(horizontal=True, gap="small"):
            st.button("Duplicate", key=f"copy_{kept.id}", on_click=lab.duplicate, args=(kept,))
            locked = "Unlock" if kept.locked else "Lock"
            st.button(locked, key=f"lock_{kept.id}", on_click=lab.lock, args=(kept, not kept.locked))
            away = "Take out of the archive" if kept.archived else "Put away"
            st.button(away, key=f"away_{kept.id}", on_click=lab.archive, args=(kept, not kept.archived))
            st.button("Delete", key=f"delete_{kept.id}", disabled=kept.locked, on_click=lab.delete, args=(kept,))
        _decision(kept)
        st.caption("Short link to this version")
        st.code(lab.short_link(kept, kept.version.number), language=None, wrap_lines=True)
        _versions(kept)
        _comments(kept)


def _name(kept: Kept) -> None:
    key = state.prepared(f"name_{kept.id}", kept.name)
    st.text_input("Name", key=key, disabled=kept.locked, on_change=state.on_value(key, partial(lab.rename, kept)))


def _decision(kept: Kept) -> None:
    if kept.decided:
        st.caption(f"Version {kept.decided} was decided on by {kept.decided_by}; its forecast is kept for the score.")
        st.button("Take the decision back", key=f"undecide_{kept.id}", on_click=lab.decide, args=(kept, 0))
    else:
        label = f"We decided on this (version {kept.version.number})"
        args = (kept, kept.version.number)
        st.button(label, key=f"decide_{kept.id}", icon=":material/gavel:", on_click=lab.decide, args=args)


def _versions(kept: Kept) -> None:
    found = lab.versions(kept)
    if len(found) < 2:
        return
    st.html(widgets.title("Versions"))
    for version in found:
        said = f"{version.number}: {words.moment(version.saved_at, lab.zone())} by {version.saved_by}"
        key = f"open_{kept.id}_{version.number}"
        st.button(said, key=key, type="tertiary", on_click=lab.open_kept, args=(kept.id, version.number))


def _comments(kept: Kept) -> None:
    st.html(widgets.title("Comments"))
    for said in lab.comments(kept):
        with st.container(horizontal=True, vertical_alignment="center"):
            about = f"{said.said_by}, {words.moment(said.said_at, lab.zone())}, on version {said.number}"
            st.html(widgets.line(said.said) + widgets.line(about, "unit"))
            label = f"Take back what {said.said_by} said"
            st.button("", key=f"unsay_{said.id}", icon=":material/close:", help=label, type="tertiary",
                      on_click=lab.unsay, args=(said.id,))  # fmt: skip
    key = f"say_{kept.id}"
    st.text_input("Say something", key=key, on_change=lab.say, args=(kept, key), placeholder="press Enter to add it")
