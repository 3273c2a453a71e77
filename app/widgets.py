"""What every page is built of: messages, pictures with their table, headline and stamp.

In:    results of the core and of `app.text`, `app.charts`, `app.tables`.
Out:   widgets on the page.
Never: computes; reads or writes the session itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from uuid import uuid4

import streamlit as st
from plotly.basedatatypes import BaseFigure

from app import state, tables
from app.charts.frame import CONFIG, Figure, Picture
from app.state import exports
from app.tables import Table
from app.text import origin
from app.text.stamp import Stamp
from forecast_core import ForecastError, Provenance

log = logging.getLogger(__name__)


@contextmanager
def guard(remedy: Callable[[ForecastError], None] | None = None) -> Iterator[None]:
    """Show an error of the product in its three parts, and its remedy; the rest of the page still works."""
    try:
        yield
    except ForecastError as error:
        problem(error)
        if remedy:
            remedy(error)


def problem(error: ForecastError) -> None:
    """Show what is wrong, what is allowed, what to do."""
    allowed = f"  \n**Allowed:** {error.allowed}" if error.allowed else ""
    hint = f"  \n**What to do:** {error.hint}" if error.hint else ""
    st.error(f"{error.what}{allowed}{hint}", icon=":material/error:")


def broke(error: Exception) -> bool:
    """Log an error that nobody expected and show its number; True keeps the stack trace off the page."""
    number = uuid4().hex[:8]
    log.error("page failed, id %s", number, exc_info=error)
    st.error(f"Something broke (id {number}). It is logged; your data and this link are safe. Reload the page.")
    return True


class PlainFigure(BaseFigure):  # type: ignore[misc]
    """A figure that is sent as it is: checking it against Plotly's schema takes longer than the answer itself.

    `tests/unit/test_charts.py` checks every picture against that schema instead.
    """

    def __init__(self, figure: Figure) -> None:
        self._plain = figure

    def to_dict(self) -> Figure:
        """Return the plain dictionaries."""
        return self._plain


def title(finding: str, unit: str = "") -> str:
    """Return the HTML of a title: the finding, and quantity and unit below it."""
    below = f'<p class="unit">{escape(unit)}</p>' if unit else ""
    return f'<h2 class="finding">{escape(finding)}</h2>{below}'


def picture(shown: Picture, table: Callable[[], Table], key: str) -> None:
    """Draw a picture: finding, quantity and unit, figure, table with its CSV."""
    st.html(title(shown.title, shown.subtitle))
    height = shown.figure["layout"]["height"]
    st.plotly_chart(PlainFigure(shown.figure), key=key, config=CONFIG, alt=shown.alt, height=height)
    folded_table(table, key, shown=lambda: shown)


def folded_table(
    table: Callable[[], Table],
    key: str,
    label: str = "Table and CSV",
    shown: Callable[[], Picture | None] | None = None,
) -> None:
    """Draw a folded table and the files of its picture; all are made only when the fold is opened."""
    fold = st.expander(label, key=f"{key}_table", on_change="rerun", type="compact")
    if fold.open:
        with fold:
            whole_table(table(), key, shown() if shown else None)


def whole_table(table: Table, key: str, shown: Picture | None = None) -> None:
    """Draw a table and the buttons that download it and its picture; what comes from the demo says so in its name."""
    st.dataframe(table, hide_index=True, height=240)
    about = exports.stamp()
    with st.container(horizontal=True, gap="small"):
        _download("CSV", key, about, lambda: tables.to_csv(about.beside(table)).encode(), "text/csv")
        if shown:
            _download("PNG", key, about, exports.painter(shown, about, "png"), "image/png")
            _download("SVG", key, about, exports.painter(shown, about, "svg"), "image/svg+xml")


def _download(label: str, key: str, about: Stamp, make: Callable[[], bytes], mime: str) -> None:
    """Draw the button of a file that is made when it is clicked."""
    ending = label.lower()
    name = about.file_name(key.replace("_", "-"), ending)
    st.download_button(f"Download {label}", make, name, mime, key=f"{key}_{ending}", on_click="ignore")


def headline(sentence: str, *below: str) -> None:
    """Draw the sentence of a page and the HTML lines below it."""
    st.html(spoken(sentence, *below))


def spoken(sentence: str, *below: str) -> str:
    """Return the HTML of the sentence of a page with the HTML lines below it."""
    return f'<h1 class="headline">{escape(sentence)}</h1>{"".join(below)}'


def line(text: str, kind: str = "range") -> str:
    """Return the HTML of a line of text."""
    return f'<p class="{kind}">{escape(text)}</p>'


def text_table(table: Table, kind: str = "", most: int = 100) -> str:
    """Return the HTML of a table of words that wrap, its first `most` lines; nothing in a cell is taken for markup."""
    rows = list(zip(*table.values(), strict=True))[:most]
    head = "".join(f"<th>{escape(name)}</th>" for name in table)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="rows {kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def stamp(source: Provenance | None = None) -> None:
    """Draw where the numbers of a page come from, at its foot; those of the scenario unless the page has its own."""
    source = source or state.provenance()
    st.html(f'<p class="stamp" data-model="{escape(source.model_id)}">{escape(origin.stamp(source))}</p>')
