"""The parts of the Drift page: the verdict, the pictures, the scopes at risk, the kept score, what people may say.

In:    a `WatchView`.
Out:   widgets.
Never: computes.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape

import streamlit as st

from app import drift_tables as numbers
from app import state, widgets
from app.charts import drift as charts
from app.state import drift as kept
from app.state import lab
from app.text import drift as words
from app.text import drift_findings as findings
from app.text import drift_tables as tables
from app.text.numbers import month
from forecast_core import Alarm, Finding, Invoice, WatchView, month_text

ICONS = {"green": "check_circle", "amber": "visibility", "red": "error", "grey": "hourglass_empty"}
BADGES = {"green": "green", "amber": "orange", "red": "red", "grey": "gray"}


def choose_month(view: WatchView) -> None:
    """Draw which month is looked at."""
    options = [month_text(each) for each in reversed(view.months)]
    key = state.prepared("drift_month", month_text(view.month))
    st.selectbox("Month looked at", options, key=key, format_func=_written, width=180)


def _written(text: str) -> str:
    year, number = text.split("-")
    return month((int(year) - 1970) * 12 + int(number) - 1)


def headline(view: WatchView) -> None:
    """Draw the one sentence, its colour in words, what it is worth and what to do."""
    colour = view.overall.colour
    st.badge(words.COLOURS[colour], color=BADGES[colour], icon=f":material/{ICONS[colour]}:")  # type: ignore[arg-type]
    widgets.headline(words.headline(view), widgets.line(words.below(view)))
    if error := kept.refusal():
        widgets.problem(error)
    if said := kept.done():
        st.success(said, icon=":material/check:")


def tiles(view: WatchView) -> None:
    """Draw the four questions side by side."""
    for column, (title, colour, answer, behind) in zip(st.columns(4, border=True), words.tiles(view), strict=True):
        column.html(
            f'{widgets.title(title)}<p class="amount {colour}"><span class="dot {colour}"></span>{escape(answer)}</p>'
            f"{widgets.line(behind, 'unit')}"
        )


def worst_input(view: WatchView) -> None:
    """Draw the most surprising input against what its past expects."""
    if view.paths:
        first = view.paths[0]
        title = words.path_title(first, view.shown_scope)
        widgets.picture(charts.path(first, title), lambda: numbers.path(first), "path")


def inputs(view: WatchView) -> None:
    """Draw every input in small, same design."""
    if not view.paths:
        return
    st.html(widgets.title(words.smalls(view), "dots: measured; line and 90 % band: expected; each on its own scale"))
    shown = "".join(
        f'<figure class="small">{_image(each.svg)}<figcaption><b>{escape(each.name)}</b><br>{escape(each.said)}'
        "</figcaption></figure>"
        for each in charts.small(view.paths)
    )
    st.html(f'<div class="curves">{shown}</div>')
    widgets.folded_table(lambda: numbers.paths(view.paths), "paths")


def _image(svg: str) -> str:
    return f'<img alt="" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def track(view: WatchView) -> None:
    """Draw forecast against actual, and every frozen month with its miss taken apart."""
    if len(view.track.months):
        widgets.picture(charts.track(view), lambda: numbers.track(view), "track")
    else:
        st.html(widgets.title("Forecast and actual", "No forecast has come due yet."))


def score(view: WatchView) -> None:
    """Draw every frozen month with its miss taken apart, and whether the record is whole."""
    if view.track.rows:
        st.html(widgets.title("Every forecast that came due", "what came less what was said, taken apart"))
        st.html(f'<div class="wide" tabindex="0">{widgets.text_table(tables.track(view))}</div>')
    if view.chain_broken is not None:
        st.error(words.chain(view), icon=":material/error:")
    else:
        st.caption(words.chain(view))


def scopes(view: WatchView) -> None:
    """Draw the scopes at risk, and the form that says whether a change was meant."""
    st.html(widgets.title("What needs a look, by money at risk"))
    if not view.scopes:
        st.caption("Nothing is open. " + words.false_alarms())
        return
    st.html(f'<div class="wide" tabindex="0">{widgets.text_table(tables.scopes(view), "faults")}</div>')
    _act(view)


def _act(view: WatchView) -> None:
    """Draw who says what about which alarm; only of the last month, which alone can still be acted on."""
    alarms = [alarm for alarm in view.alarms if alarm.is_open]
    both: list[Alarm | Finding] = [*view.findings, *alarms]
    keys = {each.key: f"{findings.place_first(each.scope)}: {findings.about(each)}" for each in both}
    if not keys or view.month != view.months[-1]:
        return
    with st.expander("Say whether it was meant"):
        chosen = st.selectbox("About", list(keys), format_func=keys.__getitem__, key="drift_key")
        reason = st.text_input("Why", key="drift_reason", placeholder="kept with the alarm")
        if not lab.is_signed_in():
            key = state.prepared("drift_who", "" if lab.who() == lab.NOBODY else lab.who())
            st.text_input("Your name", key=key, on_change=state.on_value(key, lab.call_me), placeholder="optional")
        with st.container(horizontal=True):
            off = not reason.strip()
            st.button(
                "It was meant: count from the new level", on_click=kept.act, args=(chosen, "explain"), disabled=off
            )
            st.button("Seen, keep watching", on_click=kept.act, args=(chosen, "acknowledge"), disabled=off)


def decisions(view: WatchView) -> None:
    """Draw what was decided against what came and what was paid."""
    if view.decided:
        st.html(widgets.title("Decided scenarios", "the miss in cost by what it came from; in whole cents, adding up"))
        st.html(f'<div class="wide" tabindex="0">{widgets.text_table(tables.decided(view))}</div>')


def loop(view: WatchView) -> None:
    """Draw what feeds the score: an opinion, an actual, an invoice; and whether training is due."""
    st.caption(words.due(view.due))
    with st.expander("Tell us how a forecast did, type in what came, add an invoice"):
        left, right = st.columns(2, gap="large")
        with left:
            _opinion(view)
        with right:
            _came(view)
            _invoice()


def _opinion(view: WatchView) -> None:
    st.text_area("What do you know about this forecast?", key="drift_said", placeholder="needed where it is wrong")
    with st.container(horizontal=True):
        st.button("It is right", on_click=kept.say, args=("right",))
        st.button("It is wrong", on_click=kept.say, args=("wrong",))
    if view.feedback:
        st.html(widgets.text_table(tables.feedback(view), "faults"))


def _came(view: WatchView) -> None:
    months = [month_text(each) for each in view.open_months]
    if not months:
        st.caption("No frozen forecast waits for an actual.")
        return
    chosen = st.selectbox("Month", months, format_func=_written, key="drift_typed_month")
    gb = st.number_input("Archived in it, GB", min_value=0.0, key="drift_typed_gb")
    st.button("Keep what came", on_click=kept.type_in, args=(chosen, gb))


def _invoice() -> None:
    file = st.file_uploader("Invoice: CSV, or a FOCUS cost export", type=["csv", "tsv", "xlsx"], key="drift_invoice")
    only = st.text_input("Only lines that name", key="drift_only", placeholder="an account, a resource, a meter")
    if file is None:
        return
    with widgets.guard():
        found: Invoice = state.service().watch.inspect_invoice(file.name, file.getvalue(), only)
        st.html(widgets.text_table(tables.invoice(found), "board"))
        for reason, rows in found.left_out.items():
            st.caption(f"{rows} left out: {reason}.")
        st.button("Keep this invoice", on_click=kept.keep_invoice, args=(file.name, file.getvalue(), only))


def details(view: WatchView) -> None:
    """Draw what statisticians ask, and the history of alarms."""
    with st.expander("For statisticians: p-values, smallest noticeable change, quantiles, stability index"):
        st.html(f'<div class="wide" tabindex="0">{widgets.text_table(tables.statistics(view), "board")}</div>')
        st.caption(words.method())
        st.html(f'<div class="wide" tabindex="0">{widgets.text_table(tables.background(view), "board")}</div>')
        st.caption(words.reference())
    with st.expander("History of alarms"):
        if view.told:
            st.html(f'<div class="wide" tabindex="0">{widgets.text_table(tables.told(view), "faults")}</div>')
        else:
            st.caption("No alarm was ever raised here: archive-forecast monitor keeps them.")
        st.caption(words.false_alarms())
