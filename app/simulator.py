"""The parts of the Simulator page.

In:    an `Answer` and its `Ranges`.
Out:   widgets; moves go to `app.state` by callbacks.
Never: computes; sends more elements than it must, for each is a message to the browser at every move.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

import streamlit as st

from app import examples, levers, state, tables, widgets
from app.charts import bars, curve
from app.charts import simulator as charts
from app.text import explain, findings, outlook
from app.text import headline as words
from forecast_core import Answer, Ranges

DATA_PAGE = str(Path(__file__).resolve().parents[1] / "pages" / "data.py")
NO_TYPES = (
    "What is freed by file type is not known here: that takes `pct_pdf`, `pct_docx`, `pct_xlsx`, `savings_gb` and a "
    "model that follows them."
)


def questions(known: Ranges) -> None:
    """Draw the worked questions and the way to one's own data."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="questions"):
        for example in examples.examples(known, state.service().price_book):
            st.button(example.title, key=f"ask_{example.name}", on_click=state.change, kwargs=example.values)
        st.page_link(DATA_PAGE, label="Use your data", icon=":material/upload_file:")


def headline(answer: Answer) -> None:
    """Draw the sentence, its range, and the trust light; words carry the light, its colour repeats them."""
    light = f'<span class="{answer.trust.colour}" aria-hidden="true">●</span>'
    trust = f'<p class="range">{light} {escape(words.trust_line(answer))}</p>'
    history = state.outlook()
    plainly = "" if history.predictable else widgets.line(outlook.unpredictable(history), "plainly")
    widgets.headline(words.headline(answer), widgets.line(words.range_line(answer)), trust, plainly)


def lever_column(known: Ranges, answer: Answer) -> None:
    """Draw every lever of the scope in its group; what the data cannot carry is named with the column it needs."""
    with st.container(key="levers", gap=None):
        exact = st.toggle("Type exact values", key=state.kept("exact"))
        for title, items in levers.grouped(known).items():
            levers.group(title, items, answer, exact)
        levers.unavailable(known)
        _reset_and_link(answer)


def _reset_and_link(answer: Answer) -> None:
    st.button("Reset", key="reset", icon=":material/undo:", disabled=not answer.moved, on_click=state.reset)
    fold = st.expander("Copy link", key="copy_link", icon=":material/link:", on_change="rerun", type="compact")
    if fold.open:
        fold.code(state.link(), language=None, wrap_lines=True)


def flows(answer: Answer) -> None:
    """Draw archived and freed per month."""
    widgets.picture(charts.flows(answer), lambda: tables.flows(answer), "flows")


def money(answer: Answer) -> None:
    """Draw money so far, or why it is not known."""
    if shown := charts.cumulative_money(answer):
        widgets.picture(shown, lambda: tables.cumulative_money(answer), "money")
    else:
        st.info(answer.money_note, icon=":material/payments:")


def types(answer: Answer) -> None:
    """Draw what is freed by file type, or what is missing for it."""
    if shown := bars.by_type(answer):
        rows = "".join(_bar(bar) for bar in shown.bars)
        st.html(f'{widgets.title(shown.title, shown.subtitle)}<table class="bars" data-chart="types">{rows}</table>')
        widgets.folded_table(lambda: tables.by_type(answer), "types")
    else:
        st.info(NO_TYPES, icon=":material/category:")


def _bar(bar: bars.Bar) -> str:
    mark = "" if bar.before is None else f'<i style="left:{bar.before:.1%}"></i>'
    line = f'<div><b style="width:{bar.width:.1%};background:{bar.colour}"></b>{mark}</div>'
    return f"<tr><th>{escape(bar.title)}</th><td>{line}</td><td>{escape(bar.words)}</td></tr>"


def why(answer: Answer, known: Ranges) -> None:
    """Draw what moved the result, how the effect of the frequency fades, and the backlog; one element."""
    table = explain.moved_by(answer, known)
    moved = widgets.text_table(table) if table else widgets.line("Move a lever to see what it does.", "unit")
    parts = [widgets.title("What moved it"), moved]
    curves = "".join(_curve(found) for found in curve.fading(answer))
    fades = findings.frequency(answer)
    parts += [f'<div class="curves">{curves}</div>' if curves else "", widgets.line(fades, "why") if fades else ""]
    st.html("".join(parts))


def _curve(found: curve.Curve) -> str:
    image = f'<img alt="" src="data:image/svg+xml;base64,{b64encode(found.svg.encode()).decode()}">'
    return f'<figure class="curve">{image}<figcaption>{escape(found.words)}</figcaption></figure>'


def numbers(answer: Answer) -> None:
    """Draw the small print: prices, notes, model; made only when it is opened."""
    fold = st.expander("Numbers and method", key="numbers", on_change="rerun", type="compact")
    if fold.open:
        fold.markdown("\n".join(f"- {text}" for text in explain.numbers(answer)))
