"""The parts of the Policy page.

In:    a `PolicyAnswer` and its `Ranges`.
Out:   widgets; moves go to `app.state` by callbacks.
Never: computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from app import levers, state, tables, widgets
from app.charts import heat as heat_map
from app.charts import policy as charts
from app.text import policy as words
from app.text.levers import TYPE_TITLES
from app.text.numbers import percent
from forecast_core import NO_RULE_MONTHS, PolicyAnswer, Ranges

DATA_PAGE = str(Path(__file__).resolve().parents[1] / "pages" / "data.py")
SHOWN_AGES = (6, 12, 24, 36)
MOST_SCOPES = 60
FOLDED = ("Estate", "Money", levers.MIX)
NO_INVENTORY = (
    "A rule needs to know how old the files are, and a monthly history does not. Two ways: upload a file list with "
    "path, size and last change, or count a folder yourself; no name or path leaves your machine:"
)
COMMAND = "archive-forecast scan /path/to/share --out age-cube.csv"


def empty() -> None:
    """Draw what the page will show, and the way there."""
    st.html('<h1 class="headline">Draw an archive rule and see what it takes</h1>')
    st.markdown(NO_INVENTORY)
    st.code(COMMAND, language=None)
    st.page_link(DATA_PAGE, label="Upload it on the Data page", icon=":material/upload_file:")
    for info in state.service().datasets():
        if info.has_inventory:
            st.button(f"Open {info.name}", key=f"open_{info.id}", on_click=state.open_dataset, args=(info.id,))


def headline(answer: PolicyAnswer) -> None:
    """Draw what the rule does, how sure, and how much of it stands on files that exist."""
    light = f'<span class="{answer.trust.colour}" aria-hidden="true">●</span>'
    trust = f'<p class="range">{light} {escape(words.trust_line(answer))}</p>'
    today = words.against_today(answer)
    lines = [widgets.line(words.range_line(answer)), trust, widgets.line(today) if today else ""]
    widgets.headline(words.headline(answer), *lines)


def rules(answer: PolicyAnswer) -> None:
    """Draw rules to start from."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="rules"):
        for months in SHOWN_AGES:
            drawn = answer.scenario.values["rule_months"] == months
            title = f"{months} months"
            st.button(
                title, key=f"rule_{months}", disabled=drawn, on_click=state.change, kwargs={"rule_months": months}
            )
        if answer.baseline.values["rule_months"] < NO_RULE_MONTHS or answer.moved:
            st.button(
                "As today", key="as_today", icon=":material/undo:", disabled=not answer.moved, on_click=state.reset
            )


def lever_column(known: Ranges, answer: PolicyAnswer) -> None:
    """Draw the rule, then what is believed, folded."""
    with st.container(key="levers", gap=None):
        exact = st.toggle("Type exact values", key=state.kept("exact"))
        for title, items in levers.grouped(known).items():
            levers.group(title, items, answer, exact, FOLDED)
            if title == "Policy":
                _left_out(known, answer)
        levers.unavailable(known)


def _left_out(known: Ranges, answer: PolicyAnswer) -> None:
    kinds: dict[str, list[str]] = {"type:": [], "scope:": []}
    for part in known.parts:
        kinds["type:" if part.startswith("type:") else "scope:"].append(part)
    _picked("File types left on primary", "left_types", kinds["type:"], kinds["scope:"], answer)
    if 1 < len(kinds["scope:"]) <= MOST_SCOPES:
        _picked("Scopes left on primary", "left_scopes", kinds["scope:"], kinds["type:"], answer)


def _picked(label: str, name: str, mine: Sequence[str], others: Sequence[str], answer: PolicyAnswer) -> None:
    chosen = [part for part in answer.scenario.left_out if part in mine]
    kept = [part for part in answer.scenario.left_out if part in others]
    key = state.prepared(name, chosen)
    act = state.on_value(key, lambda parts: state.leave_out(*parts, *kept))
    st.multiselect(label, mine, key=key, format_func=_part, on_change=act, placeholder="none")


def _part(name: str) -> str:
    kind, _, plain = name.partition(":")
    return TYPE_TITLES.get(plain, plain) if kind == "type" else plain


def heat(answer: PolicyAnswer) -> None:
    """Draw age by type with what the rule takes, and how small the cube is."""
    shown = heat_map.heat(answer)
    rows = "".join(f"<tr><th>{escape(name)}</th>{''.join(map(_tile, tiles))}</tr>" for name, tiles in shown.rows)
    ages = "".join(f'<td colspan="{heat_map.LABEL_EVERY}">{escape(label)}</td>' for label in shown.labels)
    said = f'class="heat" data-chart="heat" role="img" aria-label="{escape(shown.title)}"'
    table = f"<table {said}>{rows}<tr><td></td>{ages}</tr></table>"
    below = widgets.line("months since the last change", "unit axis")
    cells = widgets.line(words.cells(answer), "unit")
    st.html(f"{widgets.title(shown.title, shown.subtitle)}{table}{below}{cells}")
    widgets.folded_table(lambda: tables.heat(answer), "heat")


def _tile(tile: heat_map.Tile | None) -> str:
    if tile is None:
        return "<td></td>"
    style = f"--depth:{tile.depth:.2f};--now:{tile.now:.0%};--taken:{tile.taken:.0%}"
    return f'<td class="tile" style="{style}" title="{escape(tile.words)}"></td>'


def calendar(answer: PolicyAnswer) -> None:
    """Draw what falls due when."""
    widgets.picture(charts.calendar(answer), lambda: tables.calendar(answer), "calendar")


def backlog(answer: PolicyAnswer) -> None:
    """Draw what waits under the cap, or say that nothing does."""
    if words.waits(answer):
        widgets.picture(charts.backlog(answer), lambda: tables.calendar(answer), "backlog")
    else:
        st.html(widgets.title("Nothing waits", "the cap takes all that falls due"))


def takers(answer: PolicyAnswer) -> None:
    """Draw who brings most of it, and what small files matter."""
    parts = [widgets.title(words.takers(answer.takers))]
    if answer.takers:
        parts.append(
            f'<div class="wide" tabindex="0">{widgets.text_table(words.taker_rows(answer.takers), "takers")}</div>'
        )
    sentences = (words.small_files(answer), words.footprint(answer), *answer.notes)
    st.html("".join([*parts, *(widgets.line(text, "why") for text in sentences if text)]))
    if (ratio := words.counts_on_it(answer)) is not None:
        title = f"Count {percent(ratio)} per GB archived"
        st.button(title, key="footprint", on_click=state.change, kwargs={"footprint_ratio": round(ratio, 4)})


def checked(answer: PolicyAnswer) -> None:
    """Draw how the due dates did on real libraries; made only when it is opened."""
    fold = st.expander("How these statements were checked", key="checked", on_change="rerun", type="compact")
    if fold.open:
        fold.caption(words.CHECKED)
        fold.html(widgets.text_table(words.checked_rows(answer.judged)))
