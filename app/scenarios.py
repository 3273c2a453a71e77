"""The parts of the Scenarios page: keep, the list with then and now, the comparison.

In:    kept scenarios, a comparison.
Out:   widgets; what is done goes to `app.state.lab` by callbacks.
Never: computes; changes anything without a way back.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from app import kept_menu, state, widgets
from app import lab_tables as tables
from app.charts import compare as charts
from app.state import lab
from app.text import scenarios as words
from app.text.locale import rewritten
from forecast_core import Comparison, Kept, Standing

SHELVES = {"kept": "In use", "archived": "Archived", "deleted": "Deleted"}
AT_FIRST = 20
FEWEST, MOST = 2, 6


def headline(sentence: str) -> None:
    """Draw the sentence, and what was just done with the way back."""
    widgets.headline(sentence)
    if done := lab.done():
        with st.container(horizontal=True, vertical_alignment="center", key="done"):
            st.success(done.said, icon=":material/check:")
            if done.undo:
                st.button("Undo", key="undo", icon=":material/undo:", on_click=lab.restore, args=(done.undo,))


def entry(kept: Sequence[Kept]) -> None:
    """Draw the ways to begin: a locked baseline, and where nothing is kept yet the worked questions."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="entry"):
        if not kept:
            st.button("Keep today and the worked questions", key="keep_start", on_click=lab.keep_start)
            st.caption("or move levers on the Simulator and press “Keep” on top of any page.")
        elif not any(found.locked for found in kept):
            st.button("Keep today as locked baseline", key="keep_baseline", on_click=lab.keep_baseline)


def shelf() -> tuple[Kept, ...]:
    """Draw search and filter; return what they leave."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filter"):
        wanted = st.text_input("Search", key="search_kept", placeholder="name, note, scope, person", width=280)
        which = st.segmented_control(
            "Show", list(SHELVES), default="kept", required=True, format_func=SHELVES.__getitem__, key="shelf"
        )
        found = lab.shelf(which or "kept")
        scopes = sorted({each.scope for each in found})
        chosen = ""
        if len(scopes) > 1:
            names = {"": "every scope", **{name: words.scope(name) for name in scopes}}
            chosen = st.selectbox("Scope", list(names), key="shelf_scope", format_func=names.__getitem__, width=220)
    return tuple(each for each in found if words.matches(each, wanted) and chosen in ("", each.scope))


def rows(found: Sequence[Kept]) -> None:
    """Draw the list, newest change first."""
    for kept in found[:AT_FIRST]:
        with st.container(border=True, key=f"kept_{kept.id}"):
            _row(kept)
    if len(found) > AT_FIRST:
        st.caption(f"{len(found) - AT_FIRST} more; search for them.")


def _row(kept: Kept) -> None:
    """Draw one scenario: what it is, what was said then, what is said now, what can be done with it."""
    standing = lab.standing(kept)
    about = " · ".join((*words.marks(kept), words.scope(kept.scope), words.saved(kept, lab.zone())))
    said = [
        f'<h2 class="finding">{escape(kept.name)}</h2>{widgets.line(about, "unit")}',
        widgets.line(kept.version.note, "note") if kept.version.note else "",
        widgets.line(f"When kept: {rewritten(standing.then.headline)}", "said"),
        widgets.line(words.now(standing), "said"),
    ]
    st.html("".join(said))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if kept.deleted_at:
            st.button("Bring back", key=f"back_{kept.id}", on_click=lab.restore, args=(kept.id,))
            return
        st.button("Open", key=f"open_{kept.id}", icon=":material/open_in_new:", on_click=lab.open_kept, args=(kept.id,))
        key = state.prepared(f"tick_{kept.id}", kept.id in lab.chosen())
        full = len(lab.chosen()) >= MOST and kept.id not in lab.chosen()
        tick = state.on_value(key, partial(lab.choose_kept, kept.id))
        st.checkbox("Compare", key=key, on_change=tick, disabled=standing.now is None or full)
        kept_menu.more(kept)


def compared_names(standings: Sequence[Standing]) -> list[str]:
    """Return the names of what is compared, told apart."""
    return words.distinct([each.kept.name for each in standings])


def comparison(found: Comparison, names: Sequence[str], measure: str, to: int) -> None:
    """Draw the levers that differ first, then results, courses and differences."""
    st.html(widgets.title("What differs", words.alike(found)) + _differing(found, names))
    st.html(
        widgets.title("What comes of it") + f'<div class="wide">{widgets.text_table(words.results(found, names))}</div>'
    )
    if text := words.missing(found):
        st.info(text, icon=":material/payments:")
    left, right = st.columns(2, gap="medium")
    with left:
        table = partial(tables.course, found, names, measure)
        widgets.picture(charts.course(found, names, measure), table, "course")
    with right:
        table = partial(tables.differences, found, names, measure)
        widgets.picture(charts.differences(found, names, measure, to), table, "differences")
    label = "Everyone against everyone"
    widgets.folded_table(lambda: words.matrix(found, names, measure), "matrix", label)


def _differing(found: Comparison, names: Sequence[str]) -> str:
    offers = {offer.id: offer.title for offer in state.service().price_book.offers}
    both = (words.levers(found, names), words.terms(found, names, offers))
    drawn = [widgets.text_table(table) for table in both if next(iter(table.values()))]
    return f'<div class="wide">{"".join(drawn) or widgets.line("Nothing differs.", "unit")}</div>'


def choices(found: Comparison, standings: Sequence[Standing], names: Sequence[str]) -> tuple[str, int]:
    """Draw what is compared and with which; return the measure and the place of the reference."""
    measures = {name: words.MEASURES[name] for name in found.measures}
    places = list(range(len(names)))
    locked = next((place for place, each in enumerate(standings) if each.kept.locked), 0)
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare"):
        measure = st.segmented_control(
            "What",
            list(measures),
            default=found.measures[0],
            required=True,
            format_func=measures.__getitem__,
            key="measure",
        )
        key = f"reference_{'_'.join(each.kept.id for each in standings)}"
        to = st.selectbox("Compared with", places, locked, key=key, format_func=names.__getitem__, width=320)
    return (measure if measure in measures else found.measures[0]), to
