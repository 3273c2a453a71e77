"""The parts of the Money page that show results.

In:    a `MoneyReport`.
Out:   widgets.
Never: computes; shows an amount without the way to its price.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app import money_tables as tables
from app import state, widgets
from app.charts import money as charts
from app.text import money as words
from forecast_core import Line, MoneyReport, Offer, Price
from forecast_core.money.units import unit

_EACH = "Every amount, with its price"


def headline(report: MoneyReport, archive: Offer) -> None:
    """Draw the verdict, the numbers behind it, and what limits it."""
    st.html(headline_html(report, archive))


def headline_html(report: MoneyReport, archive: Offer) -> str:
    """Return the verdict, the numbers behind it, and what limits it."""
    light = words.COLOURS[report.verdict.word]
    found = f'<p class="range"><span class="{light}" aria-hidden="true">●</span> {escape(report.verdict.word)}: '
    first, *more = words.below(report)
    lines = [f"{found}{escape(first)}</p>", *(widgets.line(text) for text in [*more, words.change(report)] if text)]
    return widgets.spoken(words.headline(report, archive), *lines)


def waterfall(report: MoneyReport) -> None:
    """Draw the way from gross to net."""
    widgets.picture(charts.waterfall(report), lambda: tables.waterfall(report), "waterfall")
    if text := words.gap(report):
        st.caption(text)


def by_month(report: MoneyReport) -> None:
    """Draw the ledger by month."""
    widgets.picture(charts.by_month(report), lambda: tables.ledger(report), "ledger")


def sensitivity(report: MoneyReport) -> None:
    """Draw what each assumption does to the verdict."""
    widgets.picture(charts.sensitivity(report), lambda: tables.swings(report), "sensitivity")


def tiers(report: MoneyReport) -> None:
    """Draw all tiers on this scenario, and which assumption turns their order."""
    best = next((tier for tier in report.tiers if not tier.problem), None)
    title = f"{best.offer.title} is worth most" if best else "No tier can be priced"
    found = words.tiers(report.tiers, report.currency, report.terms.archive)
    st.html(widgets.title(title, "the same scenario in every tier") + widgets.text_table(found, "tiers", most=12))
    st.markdown("\n".join(f"- {text}" for text in words.flips(report)))
    fold = st.expander("Tiers that cannot be priced, and why", key="not_priced", on_change="rerun", type="compact")
    if fold.open:
        fold.markdown(_plain("\n".join(f"- {text}" for text in words.not_priced(report.tiers))))
    widgets.folded_table(lambda: tables.tiers(report), "tiers")


def stress(report: MoneyReport) -> None:
    """Draw the stress tests as buttons, and what the chosen one does."""
    st.html(widgets.title("What if it goes wrong?"))
    with st.container(horizontal=True, gap="small", key="stresses"):
        for found in report.stresses:
            st.button(found.title, key=f"stress_{found.name}", on_click=state.stress, args=(found.name,))
    for found in report.stresses:
        if found.name == state.stressed():
            st.info(_plain(words.stress(found, report.currency)), icon=":material/crisis_alert:")


def scopes(report: MoneyReport) -> None:
    """Draw what each scope has of the bill."""
    if len(report.by_scope) < 2:
        return
    st.html(widgets.title("What each scope has of it", "lines and scopes add up to the total to the cent"))
    widgets.folded_table(lambda: words.scopes(report), "scopes", "By scope and line")
    widgets.folded_table(lambda: tables.scopes_by_month(report), "scope_months", "By scope, month and line")
    st.html(
        widgets.text_table({name: cells for name, cells in words.scopes(report).items() if name in ("Scope", "Net")})
    )


def prices(report: MoneyReport) -> None:
    """Draw every line of the ledger with its quantity, its price and where that was read."""
    st.html(widgets.title(_EACH, "quantity × price = amount; open a line for source, date, and your own price"))
    uses = {use.price: use.is_stale for use in report.prices}
    for step in report.waterfall:
        # The label must not hold the amount: a fold whose label changes closes, and a price is entered inside it.
        fold = st.expander(step.title, key=f"line_{step.name}", on_change="rerun", type="compact")
        if fold.open:
            with fold:
                st.markdown(f"**Amount {words.over(report)}**: {_plain(words.exact(step.amount, report.currency))}")
                for line in report.ledger.lines:
                    if line.name == step.name:
                        _line(report, line, uses)
                widgets.whole_table(tables.line(report, step.name), f"line_{step.name}")


def _line(report: MoneyReport, line: Line, stale: dict[Price, bool]) -> None:
    kind = unit(line.prices[0].unit).kind if line.prices else "times"
    text = [f"**Formula**: {line.formula} × price", f"**Quantity over all months**: {words.quantity(line, kind)}"]
    if not line.prices:
        text = [f"**Formula**: {line.formula}; entered by you"]
    st.markdown(_plain("  \n".join(text)))
    for price in line.prices:
        st.markdown(_plain("  \n".join(words.origin(price, stale.get(price, False)))))
    if line.prices:
        _yours(line.prices[-1], report)


def _yours(price: Price, report: MoneyReport) -> None:
    """Draw the ways to correct a price: confirm it, enter one's own, read its GB otherwise."""
    place = (price.offer, price.item)
    if price.unconfirmed:
        st.button("This price is right", key=f"confirm_{price.id}", on_click=state.confirm_price, args=(price.offer,))
    mine = next((value for offer, item, value in report.terms.own if (offer, item) == place), None)
    key = state.prepared(f"own_{price.offer}_{price.item}", mine)
    st.number_input(
        f"Your price per {price.unit}",
        min_value=0.0,
        value=None,
        format="%.6g",
        key=key,
        placeholder="as above",
        on_change=state.on_value(key, lambda value: state.own_price(*place, value)),
    )
    if unit(price.unit).kind in ("GB-months", "GB"):
        key = state.prepared(f"decimal_{price.offer}_{price.item}", place in report.terms.decimal)
        act = state.on_value(key, lambda on: state.read_as_decimal(*place, on))
        st.toggle("Read its GB the other way (10^9 or 2^30 bytes: 7.4 %)", key=key, on_change=act)


def notes(report: MoneyReport) -> None:
    """Draw what limits the numbers, and carbon."""
    texts = [*report.notes, words.carbon(report)]
    st.markdown(_plain("\n".join(f"- {text}" for text in texts)))


def _plain(text: str) -> str:
    """Return text in which a dollar is a dollar and not the start of a formula."""
    return text.replace("$", "\\$")
