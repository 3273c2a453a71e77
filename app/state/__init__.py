"""What the app remembers: the open scenario (its home is the URL), the file being looked at, the one service.

In:    the browser's query, values of widgets, the environment's settings.
Out:   the current `Scenario` and its faults; callbacks for widgets; `service()`.
Never: computes; leaves URL and scenario apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from app.access import Role
from app.access.current import current
from app.state import access as access
from app.state import origin
from app.state.services import acts as acts
from app.state.services import house as house
from app.state.services import retraining as retraining
from app.state.services import service as service
from app.state.services import settings as settings
from app.state.services import settle as settle
from app.state.services import this_month as this_month
from forecast_core import (
    ForecastError,
    Imported,
    LeverError,
    LeverFault,
    Outlook,
    PriceList,
    Provenance,
    Ranges,
    Scenario,
    Terms,
    baseline,
    checked,
    from_query,
    read_target,
    readable_part,
    rescaled_mix,
    terms_of,
    to_query,
)
from forecast_core.scenario.levers import MIX

YEAR = 12
SHARES = tuple(lever.name for lever in MIX)


# ── the scenario and its link ──────────────────────────────────────────────────────────────────────────────────────
def open_link() -> None:
    """Make scenario and URL one: a new URL is opened, a page switched to without one gets the scenario's."""
    query = {name: str(value) for name, value in st.query_params.items()}
    if not query and "link" not in st.session_state:
        show(today())
    elif not query:
        commit()
    elif query != st.session_state.get("link"):
        _open(query)


def _open(query: dict[str, str]) -> None:
    st.session_state["notice"] = None
    faults: tuple[LeverFault, ...] = ()
    try:
        query = origin.opened(query, service())
        known = service().ranges(*_target(query))
        _keep_terms(query)
        scenario = from_query(query, known)
    except LeverError as error:
        scenario, faults = readable_part(query, known, error.faults), error.faults
    except ForecastError as error:
        st.session_state["notice"] = error
        scenario = today()
    _keep(scenario)
    st.session_state["faults"] = faults
    if not faults and st.session_state["notice"] is None:
        show(scenario)
    else:
        st.session_state["link"] = {name: str(value) for name, value in st.query_params.items()}


def _target(query: dict[str, str]) -> tuple[str, str]:
    dataset_id, scope = read_target(query)
    dataset_id = dataset_id or service().demo_id
    return dataset_id, scope or service().scopes(dataset_id)[0]


def today(dataset_id: str | None = None, scope: str | None = None) -> Scenario:
    """Return the scenario that changes nothing, of the demo company and its first scope if not said otherwise."""
    dataset_id = dataset_id or service().demo_id
    return baseline(service().ranges(dataset_id, scope or service().scopes(dataset_id)[0]))


def show(scenario: Scenario) -> None:
    """Open a scenario: session and URL."""
    _keep(scenario)
    st.session_state["faults"] = ()
    commit()


def commit() -> None:
    """Write the open scenario into the URL."""
    st.session_state["link"] = link_query()
    st.query_params.from_dict(st.session_state["link"])


def link_query() -> dict[str, str]:
    """Return the whole link: the scenario, and the money terms once they were touched."""
    kept: Terms | None = st.session_state.get("terms")
    made_from = origin.of(scenario())
    whole = to_query(scenario()) | ({"money": kept.to_text()} if kept else {})
    return whole | ({"s": f"{made_from[0]}.{made_from[1]}"} if made_from else {})


def _keep(scenario: Scenario) -> None:
    st.session_state["scenario"] = scenario
    st.session_state["revision"] = uuid4().hex[:8]


def scenario() -> Scenario:
    """Return the open scenario."""
    found: Scenario = st.session_state["scenario"]
    return found


def ranges() -> Ranges:
    """Return the levers of the open scenario's scope."""
    return service().ranges(scenario().dataset_id, scenario().scope)


def faults() -> tuple[LeverFault, ...]:
    """Return what was wrong with the link or the last value."""
    return tuple(st.session_state.get("faults", ()))


def notice() -> ForecastError | None:
    """Return why the link could not be opened at all."""
    found: ForecastError | None = st.session_state.get("notice")
    return found


def outlook() -> Outlook:
    """Return what the next year brings in the open scope if nothing changes."""
    return outlook_of(scenario())


def outlook_of(asked: Scenario) -> Outlook:
    """Return what the next year brings in the scope of a scenario if nothing changes."""
    return service().forecast(asked.dataset_id, asked.scope, YEAR)


def provenance() -> Provenance:
    """Return where the numbers of the open scope come from."""
    return outlook().provenance


def horizon_months() -> int:
    """Return how many months ahead the open scenario looks."""
    return int(scenario().values["horizon_months"])


def link() -> str:
    """Return the full address of the open scenario."""
    return f"{(st.context.url or '').rstrip('/')}/?{urlencode(link_query())}"


# ── callbacks ──────────────────────────────────────────────────────────────────────────────────────────────────────
def move(name: str, value: float) -> None:
    """Move one lever; a share takes the other two along. A value out of bounds is refused and named."""
    values = dict(scenario().values)
    values = rescaled_mix(values, name, value) if name in SHARES else values | {name: value}
    change(**values)


def change(**values: float) -> None:
    """Move several levers at once."""
    _ask(scenario().with_values(**values))


def leave_out(*parts: str) -> None:
    """Leave exactly these file types and scopes on primary."""
    _ask(replace(scenario(), left_out=parts))


def _ask(asked: Scenario) -> None:
    try:
        show(checked(asked, ranges()))
    except LeverError as error:
        st.session_state["faults"] = error.faults


def put_back(name: str) -> None:
    """Put one lever back to today's value; the three shares go together."""
    names = SHARES if name in SHARES else (name,)
    change(**{each: ranges().by_name(each).today for each in names})


def reset() -> None:
    """Put every lever back."""
    show(baseline(ranges()))


def choose(key: str) -> None:
    """Open the data set or scope picked in the frame, as it is today."""
    picked = st.session_state[key]
    show(today(picked) if key == "dataset" else today(scenario().dataset_id, picked))


def open_dataset(dataset_id: str) -> None:
    """Open a data set as it is today."""
    show(today(dataset_id))


# ── the terms of money ─────────────────────────────────────────────────────────────────────────────────────────────
def terms() -> Terms:
    """Return what money is reckoned with: what was entered or linked, the book's defaults otherwise."""
    kept: Terms | None = st.session_state.get("terms")
    return kept or service().money_terms()


def _keep_terms(query: dict[str, str]) -> None:
    """Take over the terms of a link; what cannot be used is named, and the scenario still opens."""
    try:
        if "money" in query:
            st.session_state["terms"] = service().pricing.checked(terms_of(query["money"]))
    except ForecastError as error:
        st.session_state["notice"] = error


def change_terms(**values: Any) -> None:
    """Change terms of money; one out of bounds is refused and named."""
    try:
        st.session_state["terms"] = terms().changed(**values)
        show(scenario())
    except LeverError as error:
        st.session_state["faults"] = error.faults


def own_price(offer: str, item: str, value: float | None) -> None:
    """Enter a price of one's own, or take it back."""
    others = tuple(entry for entry in terms().own if entry[:2] != (offer, item))
    change_terms(own=others if value is None else (*others, (offer, item, float(value))))


def read_as_decimal(offer: str, item: str, decimal: bool) -> None:
    """Read the GB of a price as 10^9 bytes, or as printed again."""
    others = tuple(entry for entry in terms().decimal if entry != (offer, item))
    change_terms(decimal=(*others, (offer, item)) if decimal else others)


def confirm_price(offer: str) -> None:
    """Take a placeholder as right."""
    change_terms(confirmed=(*terms().confirmed, offer))


def reset_terms() -> None:
    """Go back to the terms that money starts from."""
    st.session_state.pop("terms", None)
    show(scenario())


def import_prices(name: str, content: bytes) -> tuple[PriceList, Imported]:
    """Return what was understood of a price list; nothing is used yet."""
    return service().pricing.inspect(name, content)


def use_prices(found: PriceList) -> None:
    """Keep a price list that was looked at, and reckon with it."""
    change_terms(imported=service().pricing.accept(found))


def stress(name: str) -> None:
    """Show a stress test, or hide the one that is shown."""
    st.session_state["stress"] = None if st.session_state.get("stress") == name else name


def stressed() -> str | None:
    """Return which stress test is shown."""
    found: str | None = st.session_state.get("stress")
    return found


def has_inventory() -> bool:
    """Return whether the open data set is a file inventory."""
    return service().dataset(scenario().dataset_id).info.has_inventory


# ── widgets ────────────────────────────────────────────────────────────────────────────────────────────────────────
def prepared(key: str, value: Any) -> str:
    """Return the key of a widget after giving it its value, where it differs; nothing is sent otherwise."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def opened(key: str, at_first: bool) -> str:
    """Return the key of a fold that is open at first if something in it needs to be seen."""
    if key not in st.session_state:
        st.session_state[key] = at_first
    return key


def on_value(key: str, act: Callable[[Any], None]) -> Callable[[], None]:
    """Return a callback that hands the widget's new value to `act`."""

    def changed() -> None:
        act(st.session_state[key])

    return changed


def kept(key: str) -> str:
    """Return the key of a widget that keeps its value while the user is on other pages."""
    if f"kept_{key}" in st.session_state and key not in st.session_state:
        st.session_state[key] = st.session_state[f"kept_{key}"]
    st.session_state[f"kept_{key}"] = st.session_state.get(key, False)
    return key


def kept_choice(key: str) -> str:
    """Return the key of a choice that stays while its widget is not on the page."""
    if f"kept_{key}" in st.session_state and key not in st.session_state:
        st.session_state[key] = st.session_state[f"kept_{key}"]
    if key in st.session_state:
        st.session_state[f"kept_{key}"] = st.session_state[key]
    return key


# ── models ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def train() -> None:
    """Train the whole field on the open data set, in a process of its own."""
    _beside("analyst", "training started", "train")


def promote() -> None:
    """Let the version picked on the page answer, for the reason given there."""
    version, reason = st.session_state["version"], st.session_state["reason"]
    _beside("admin", "version promoted", "promote", version, "--reason", reason)


def rollback() -> None:
    """Go back to the version that answered before, for the reason given on the page."""
    reason = st.session_state["reason"]
    _beside("admin", "version rolled back", "rollback", "--reason", reason)


def _beside(role: Role, act: str, command: str, *arguments: str) -> None:
    """Run a command in a process beside this one, for those who may."""
    dataset, tenant = scenario().dataset_id, current().tenant
    wall = ("--tenant", tenant) if tenant else ()
    start = partial(retraining().start, command, "--data", dataset, *wall, *arguments)
    before = {"version": service().models.standing(dataset).champion}
    asked = {"version": arguments[0]} if command == "promote" else {}
    attempt(lambda: acts().do(role, act, dataset, start, lambda _: asked, before))


def attempt(act: Callable[[], object]) -> None:
    """Do something; what is wrong with it is shown in the frame."""
    st.session_state["notice"] = None
    try:
        act()
    except ForecastError as error:
        st.session_state["notice"] = error
