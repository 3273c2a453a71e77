"""What money is reckoned with, as widgets: tiers, quota, behaviour, files, project, currency, imported prices.

In:    the terms in force, the price book.
Out:   widgets; values go to `app.state` by callbacks.
Never: computes a price.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import levers, state, widgets
from app.state import live
from app.text import money as words
from forecast_core import EGRESS, TERMS, WAYS, Offer, PriceBook, Term, Terms
from forecast_core.money.quota import VERSION_METHODS, pool_gb, trimmed_gb

_HUNDRED = {"percent": 100.0}
_GROUPS = {
    "Microsoft 365": "Quota and versions",
    "Behaviour": "Reading and recall",
    "Files": "File sizes",
    "Project": "Cost of the project",
}
_SUFFIX = {"percent": " (%)", "GB": " (GB)", "GB per month": " (GB a month)", "MB": " (MB)", "KB": " (KB)"}


def column(terms: Terms, book: PriceBook) -> None:
    """Draw every term that has no slider, folded in its group; the tiers first, unless they stand above the levers."""
    with st.container(key="terms", gap="small"):
        if not live.wanted():
            _offers(terms, book)
        for group, title in _GROUPS.items():
            _group(group, title, terms)
        _currency(terms, book)
        _import(terms)
        for fault in state.faults():
            if fault.lever not in state.scenario().values:
                levers.fault(fault)
        st.button("Back to the start", key="reset_terms", icon=":material/undo:", on_click=state.reset_terms)


def sliding(group: str) -> list[Term]:
    """Return the terms of a group that a slider can show: numbers with bounds, and never open."""
    return [term for term in TERMS if term.group == group and term.unit in ("percent", "number") and not term.optional]


def _group(group: str, title: str, terms: Terms) -> None:
    shown = [term for term in TERMS if term.group == group and not (live.wanted() and term in sliding(group))]
    fold = st.expander(title, key=state.opened(f"terms_{group}", _faulty(group)), on_change="rerun", type="compact")
    if fold.open:
        with fold:
            for term in shown:
                _number(term, getattr(terms, term.name))
            _words(group, terms)
            if group == "Microsoft 365":
                _pool_and_versions()


def _faulty(group: str) -> bool:
    names = {term.name for term in TERMS if term.group == group}
    return any(fault.lever in names for fault in state.faults())


def offers(terms: Terms, book: PriceBook) -> None:
    """Draw the two tiers in a row, above the live component."""
    with st.container(horizontal=True, key="offers"):
        _offers(terms, book)


def _offers(terms: Terms, book: PriceBook) -> None:
    _pick("Primary", "primary", book.of_role("primary"), terms.primary)
    _pick(
        "Archive", "archive", [offer for offer in book.of_role("archive") if offer.id != terms.primary], terms.archive
    )
    if book.offer(terms.archive).rules.minimum_new_from:
        key = state.prepared("terms_account", terms.account_month)
        st.text_input(
            "Storage account created in",
            key=key,
            help="As 2027-03. Small files are billed at 128 KiB from July 2026 in new accounts, from July 2027 in all.",
            on_change=state.on_value(key, lambda text: state.change_terms(account_month=text.strip())),
        )


def _pick(label: str, name: str, offers: Any, chosen: str) -> None:
    titles = {offer.id: _title(offer) for offer in offers}
    if chosen not in titles:
        return
    key = state.prepared(f"terms_{name}", chosen)
    act = state.on_value(key, lambda offer_id: state.change_terms(**{name: offer_id}))
    st.selectbox(label, list(titles), key=key, format_func=lambda offer_id: titles[offer_id], on_change=act)


def _title(offer: Offer) -> str:
    return f"{offer.title} (not offered)" if offer.missing else offer.title


def _number(term: Term, value: float | None) -> None:
    factor = _HUNDRED.get(term.unit, 1.0)
    shown = None if value is None else float(round(value * factor, 9))
    key = state.prepared(f"terms_{term.name}", shown)

    def act(entered: float | None) -> None:
        state.change_terms(**{term.name: None if entered is None else entered / factor})

    st.number_input(
        f"{term.title}{_SUFFIX.get(term.unit, '')}",
        min_value=float(term.lower * factor),
        max_value=float(term.upper * factor),
        step=float(term.step * factor),
        value=None if term.optional else "min",
        key=key,
        format="%.4g" if term.upper * factor <= 1000 else "%.0f",
        help=term.help,
        placeholder="open" if term.optional else None,
        on_change=state.on_value(key, act),
    )


def _words(group: str, terms: Terms) -> None:
    if group == "Microsoft 365" and terms.archive == "m365_archive":
        _choice("Microsoft 365 Archive takes", "way", WAYS, terms.way)
    if group == "Behaviour":
        _choice("What is read or recalled", "egress", EGRESS, terms.egress)
        key = state.prepared("terms_high", terms.high_priority)
        act = state.on_value(key, lambda on: state.change_terms(high_priority=on))
        st.toggle("High priority where the tier has it", key=key, on_change=act)


def _pool_and_versions() -> None:
    """Draw two little helps: a quota from licences, GB of old versions from their number."""
    with st.form("pool", border=False):
        licences = st.number_input("Licences", 0, 10_000_000, 0, 100, key="licences", help="1 TB and 10 GB for each.")
        if st.form_submit_button("Take as quota") and licences:
            state.change_terms(quota_gb=pool_gb(int(licences)))
            st.rerun()
    with st.form("versions", border=False):
        st.caption("Trimming old versions: how they are stored is disputed, so it is yours to say.")
        content = st.number_input("Content (GB)", 0.0, 1e8, 0.0, 100.0, key="version_content")
        before = st.number_input("Versions of a file today", 0, 50_000, 100, key="version_before")
        after = st.number_input("Versions kept", 0, 50_000, 10, key="version_after")
        method = st.selectbox("Versions are stored as", VERSION_METHODS, key="version_method")
        changed = st.number_input("Changed from version to version (%)", 0.0, 100.0, 5.0, key="version_changed") / 100
        held = st.number_input("Held by retention (%)", 0.0, 100.0, 0.0, key="version_held") / 100
        if st.form_submit_button("Take as trimmed, evenly over the months shown"):
            gb = trimmed_gb(content, (before, after), changed, held, method)
            state.change_terms(trimmed_gb_per_month=gb / state.horizon_months())
            st.rerun()


def _choice(label: str, name: str, options: dict[str, str], chosen: str) -> None:
    key = state.prepared(f"terms_{name}", chosen)
    act = state.on_value(key, lambda value: state.change_terms(**{name: value}))
    st.selectbox(label, list(options), key=key, format_func=lambda value: options[value], on_change=act)


def _currency(terms: Terms, book: PriceBook) -> None:
    fold = st.expander("Currency", key="terms_currency_fold", on_change="rerun", type="compact")
    if not fold.open:
        return
    with fold, st.form("currency", border=False):
        st.caption(f"The book is in {book.currency}. Another currency needs your rate and its date.")
        name = st.text_input("Currency", terms.currency, max_chars=3, placeholder=book.currency, key="currency_name")
        rate = st.number_input(
            f"Units per {book.currency}", 0.0, value=terms.currency_rate, format="%.6g", key="currency_rate"
        )
        dated = st.text_input("Rate of", terms.currency_dated, placeholder="2026-11-02", key="currency_dated")
        if st.form_submit_button("Convert"):
            values = {"currency": name.strip().upper(), "currency_rate": rate or None, "currency_dated": dated.strip()}
            state.change_terms(**values)
            st.rerun()


def _import(terms: Terms) -> None:
    fold = st.expander("Import prices", key="terms_import", on_change="rerun", type="compact")
    if not fold.open:
        return
    with fold:
        st.caption(
            "Saved pages of the Azure Retail Prices API (JSON), or a CSV with the columns offer, provider, tier, "
            "item, unit, value, currency, source, read."
        )
        if terms.imported:
            st.caption(f":material/check: The price list {terms.imported} is in use.")
            st.button("Use shipped prices only", key="no_import", on_click=state.change_terms, kwargs={"imported": ""})
        upload = st.file_uploader("Price list", ["json", "csv", "txt"], key="price_list")
        if upload is not None:
            with widgets.guard():
                _offered(*state.import_prices(upload.name, upload.getvalue()))
        if state.service().pricing.live:
            _live()


def _offered(found: Any, understood: Any) -> None:
    st.markdown("\n".join(f"- {text}" for text in words.understood(understood)))
    if understood.offers:
        st.button("Use these prices", key="use_prices", on_click=state.use_prices, args=(found,))


def _live() -> None:
    region = st.text_input("Azure region", "eastus", key="live_region")
    if st.button("Ask the Azure price service", key="ask_live"):
        with widgets.guard():
            _offered(*state.import_prices(f"Azure {region}", state.service().pricing.fetch(region)))
