"""The parts of the Money page behind the answer: amounts to their prices, tiers, sensitivity, stress, scopes, notes.

In:    a `MoneyReport`, the price book it was reckoned with.
Out:   widgets.
Never: computes; shows an amount without the way to its price.
"""

from __future__ import annotations

import streamlit as st

from app import money_tables as tables
from app import state, widgets
from app.charts import money as charts
from app.text import bills
from app.text import money as words
from forecast_core import ForecastError, Line, MoneyReport, Offer, Price, PriceBook, PriceError
from forecast_core.money.units import unit


# ── amounts and prices ─────────────────────────────────────────────────────────────────────────────────────────────
def amounts(report: MoneyReport, book: PriceBook) -> None:
    """Draw every amount with its quantity, price and source; a line opens months, rule, and your own price."""
    _bill("Every amount with its price", bills.bill(report.ledger, report.currency))
    st.html(widgets.title("Open a line", "its formula, its rule, each price, your own price, and its months"))
    uses = {use.price: use.is_stale for use in report.prices}
    for step in report.waterfall:
        # The label must not hold the amount: a fold whose label changes closes, and a price is entered inside it.
        fold = st.expander(step.title, key=f"line_{step.name}", on_change="rerun", type="compact")
        if fold.open:
            with fold:
                st.markdown(f"**Amount {words.over(report)}**: {_plain(words.exact(step.amount, report.currency))}")
                for line in report.ledger.lines:
                    if line.name == step.name:
                        _line(report, line, uses, book.offer(report.terms.archive))
                widgets.whole_table(tables.line(report, step.name), f"line_{step.name}")
    st.html(
        widgets.title("The numbers of the sentence", "each with its formula")
        + widgets.text_table(bills.sentence(report), "trace")
    )
    widgets.folded_table(lambda: tables.prices(report), "prices", "Every price in one table")


def _bill(title: str, table: dict[str, list[str]]) -> None:
    st.html(widgets.title(title, "quantity × price = amount, and where the price was read"))
    st.html(widgets.text_table(table, "bill"))


def _line(report: MoneyReport, line: Line, stale: dict[Price, bool], archive: Offer) -> None:
    if line.prices:
        text = [f"**Formula**: {line.formula} × price", f"**Quantity over all months**: {bills.quantity(line)}"]
    else:
        text = [f"**Formula**: {line.formula}; {bills.factors(line)}"]
    st.markdown(_plain("  \n".join(filter(None, [*text, bills.rule(line.name, archive)]))))
    for price in line.prices:
        st.markdown(_plain("  \n".join(bills.origin(price, stale.get(price, False)))))
    if line.prices:
        _yours(line.prices[-1], report, line.name)


def lacking(error: ForecastError, book: PriceBook) -> None:
    """Draw the place to enter the price that stopped the sum, where it is a price that stopped it."""
    if isinstance(error, PriceError) and error.lacking:
        _own(error.lacking, book.unit_of(*error.lacking), "lacking", None)


def _own(place: tuple[str, str], unit_text: str, line: str, mine: float | None) -> None:
    key = state.prepared(f"own_{line}_{'_'.join(place)}", mine)
    st.number_input(
        f"Your price per {unit_text}",
        min_value=0.0,
        value=None,
        format="%.6g",
        key=key,
        placeholder="not known" if line == "lacking" else "as above",
        on_change=state.on_value(key, lambda value: state.own_price(*place, value)),
    )


def _yours(price: Price, report: MoneyReport, line: str) -> None:
    """Draw the ways to correct a price: confirm it, enter one's own, read its GB otherwise.

    Lines may share a price, so that the name of the line is part of each key.
    """
    place = (price.offer, price.item)
    if price.unconfirmed:
        st.button(
            "This price is right", key=f"confirm_{line}_{price.id}", on_click=state.confirm_price, args=(price.offer,)
        )
    mine = next((value for offer, item, value in report.terms.own if (offer, item) == place), None)
    _own(place, price.unit, line, mine)
    if unit(price.unit).kind in ("GB-months", "GB"):
        key = state.prepared(f"decimal_{line}_{price.offer}_{price.item}", place in report.terms.decimal)
        act = state.on_value(key, lambda on: state.read_as_decimal(*place, on))
        st.toggle("Read its GB the other way (10^9 or 2^30 bytes: 7.4 %)", key=key, on_change=act)


# ── tiers ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def tiers(report: MoneyReport, book: PriceBook) -> None:
    """Draw all tiers on this scenario, what turns their order, and the bill of any one of them."""
    priced = {tier.offer.id: tier for tier in report.tiers if not tier.problem}
    title = f"{next(iter(priced.values())).offer.title} is worth most" if priced else "No tier can be priced"
    found = words.tiers(report.tiers, report.currency, report.terms.archive)
    st.html(widgets.title(title, "the same scenario in every tier") + widgets.text_table(found, "tiers"))
    st.markdown("\n".join(f"- {text}" for text in words.flips(report)))
    widgets.folded_table(lambda: tables.tiers(report), "tiers")
    fold = st.expander("Tiers that cannot be priced, and why", key="not_priced", on_change="rerun", type="compact")
    if fold.open:
        fold.markdown(_plain("\n".join(f"- {text}" for text in words.not_priced(report.tiers))))
    if priced:
        shown = st.selectbox(
            "Show the bill of", list(priced), key="tier_bill", format_func=lambda offer_id: book.offer(offer_id).title
        )
        ledger = priced[shown].ledger
        if ledger is not None:
            _bill(priced[shown].offer.title, bills.bill(ledger, report.currency))


# ── what could turn it, and what if it goes wrong ──────────────────────────────────────────────────────────────────
def sensitivity(report: MoneyReport, _: PriceBook) -> None:
    """Draw what each assumption does to the verdict."""
    widgets.picture(charts.sensitivity(report), lambda: tables.swings(report), "sensitivity")
    st.caption(words.ranges(report))


def stress(report: MoneyReport, _: PriceBook) -> None:
    """Draw the stress tests as buttons, and what the chosen one does, line by line."""
    st.html(widgets.title("What if it goes wrong?", "each is the whole ledger reckoned again with the event in it"))
    with st.container(horizontal=True, gap="small", key="stresses"):
        for found in report.stresses:
            st.button(found.title, key=f"stress_{found.name}", on_click=state.stress, args=(found.name,))
    for found in report.stresses:
        if found.name == state.stressed():
            st.info(_plain(words.stress(found, report.currency)), icon=":material/crisis_alert:")
            if found.problem:
                continue
            both = (bills.event(found, report.currency), bills.before_and_after(found, report.currency))
            st.html(
                "".join(
                    widgets.text_table(table, kind) for table, kind in zip(both, ("bill", ""), strict=True) if table
                )
            )
            st.caption("Each table is rounded once, so a cent may stand on another line.")


# ── scopes and notes ───────────────────────────────────────────────────────────────────────────────────────────────
def scopes(report: MoneyReport, _: PriceBook) -> None:
    """Draw what each scope has of the bill, and the rule by which it is shared."""
    table = words.scopes(report)
    st.html(
        widgets.title("What each scope has of it", f"{report.currency} {words.over(report)}, to the cent")
        + widgets.text_table({name: cells for name, cells in table.items() if name in ("Scope", "Net")})
    )
    st.caption(words.SHARING)
    widgets.folded_table(lambda: table, "scopes", "By scope and line")
    widgets.folded_table(lambda: tables.scopes_by_month(report), "scope_months", "By scope, month and line")


def notes(report: MoneyReport, _: PriceBook) -> None:
    """Draw what limits the numbers, and carbon."""
    texts = [*report.notes, words.carbon(report)]
    st.markdown(_plain("\n".join(f"- {text}" for text in texts)))


def _plain(text: str) -> str:
    """Return text in which a dollar is a dollar and not the start of a formula."""
    return text.replace("$", "\\$")
