"""The parts of the Search page: reach a goal, the best policy, what matters most.

In:    what was entered, what was found.
Out:   widgets; searches go to `app.state.search`.
Never: computes.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from app import lab_tables as tables
from app import state, widgets
from app.charts import search as charts
from app.state import search as searched
from app.text import search as words
from forecast_core import BestPolicy, Found, Goal, LeverRange, Offer, PolicyLimits, Scenario

KINDS = {"goal": "Reach a goal", "policy": "Best policy", "tornado": "What matters most"}
FIRST = {
    "goal": "Set a goal, and see which levers reach it at least cost",
    "policy": "Set limits, and see which policy saves most inside them",
}
HUNDRED = {"percent": 100.0}
MOST_LEVERS = 5


def kind() -> str:
    """Draw the choice of what to look for."""
    chosen = st.segmented_control(
        "Look for", list(KINDS), default="goal", required=True, format_func=KINDS.__getitem__, key="search_kind",
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen or "goal"


def currency() -> str:
    """Return the currency of the terms."""
    return state.terms().currency or state.service().price_book.currency


# ── reach a goal ───────────────────────────────────────────────────────────────────────────────────────────────────
def goal() -> None:
    """Draw the goal, the levers that may move, and what was found."""
    found = searched.found_goal()
    start, levers = state.scenario(), state.service().lab.movable(state.scenario())
    first = int(state.ranges().by_name("start_month").lower)
    widgets.headline(words.goal_headline(found[1], start, currency(), first) if found else FIRST["goal"])
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        target = _target(first)
        bounds = _bounds(levers)
        cheapest = st.radio("Least cost means", list(words.CHEAPEST), format_func=words.CHEAPEST.__getitem__,
                            key="cheapest", horizontal=True)  # fmt: skip
        if st.button("Search", key="seek", icon=":material/search:", disabled=not bounds):
            with st.spinner("Looking at thousands of settings"):
                searched.seek(Goal(*target[:2], cheapest, target[2]), bounds)
            st.rerun()
    with right:
        if found:
            _found_goal(*found)


def _target(first: int) -> tuple[str, float, int]:
    """Draw what is to be reached; return the yardstick, the target in GB or money, the month it is for."""
    kinds = list(words.GOALS)
    yardstick = st.selectbox("Goal", kinds, key="goal", format_func=words.GOALS.__getitem__)
    answer = state.service().simulate(state.scenario())
    whole = answer.savings_total or answer.archived_total
    unit, scale = words.shown_unit(yardstick, whole.scenario.point, currency())
    typical = answer.money.total.scenario.point * 12 / len(answer.months) if answer.money else 1000.0
    usual = typical if yardstick == "net_per_year" else whole.scenario.point * scale
    start = float(f"{max(usual * 1.2, 0.01):.2g}")
    entered = st.number_input(f"How much ({unit})", min_value=0.0, value=start, key=f"target_{yardstick}_{unit}")
    until = 0
    if yardstick == "primary_gb":
        months = list(range(1, len(answer.months) + 1))
        written = partial(words.month_ahead, first)
        until = st.select_slider("Until", months, min(6, months[-1]), format_func=written, key="goal_until")
    return yardstick, entered / scale, until


def _bounds(levers: tuple[LeverRange, ...]) -> dict[str, tuple[float, float]]:
    """Draw the levers that may move, each with its bounds; return those in the levers' own units."""
    known = {item.lever.name: item for item in levers}
    usual = [name for name in ("archive_frequency_per_day", "rule_months") if name in known][:1] or list(known)[:1]
    chosen = st.pills(
        f"Levers that may move (at most {MOST_LEVERS})", list(known), selection_mode="multi", default=usual,
        key="seek_levers", format_func=lambda name: known[name].lever.title,
    )  # fmt: skip
    found = {}
    for name in chosen[:MOST_LEVERS]:
        item = known[name]
        factor = HUNDRED.get(item.lever.unit, 1.0)
        low, high = round(item.lower * factor, 9), round(item.upper * factor, 9)
        unit = words.lever_unit(item)
        form = "localized" if item.lever.unit in words.SPEAKING else "%.5g"
        key, title = f"between_{name}_{low}_{high}", f"{item.lever.title} ({unit})"
        ends = st.slider(title, low, high, (low, high), key=key, format=form)
        if ends[0] < ends[1]:
            found[name] = (max(ends[0] / factor, item.lower), min(ends[1] / factor, item.upper))
    return found


def _found_goal(start: Scenario, result: Found) -> None:
    """Draw the setting, the ways with one lever alone, and what would do as well."""
    st.html(widgets.title("The setting", words.run_again(result, currency())))
    moved = [way.lever for way in result.alone]
    if moved:
        st.html(f'<div class="wide">{widgets.text_table(words.goal_rows(result, start, currency(), moved))}</div>')
    if not result.was_there:
        label = "Open this scenario" if result.best.reached else "Open the nearest"
        st.button(label, key="open_found", on_click=searched.open_setting, args=(result.best.scenario,))
    if result.as_good:
        st.html(widgets.title("What would do as well", "the two ends of the flattest direction"))
        for place, way in enumerate(result.as_good):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(widgets.line(words.as_good(way, start)))
                act = searched.open_setting
                st.button("Open", key=f"open_as_good_{place}", on_click=act, args=(way.scenario,), type="tertiary")


# ── the best policy ────────────────────────────────────────────────────────────────────────────────────────────────
def policy() -> None:
    """Draw the limits and what was found."""
    found = searched.found_policy()
    offers = {offer.id: offer for offer in state.service().pricing.book(state.terms().imported).offers}
    widgets.headline(words.policy_headline(found, offers) if found else FIRST["policy"])
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        limits = _limits()
        if st.button("Search", key="choose", icon=":material/search:"):
            searched.best_policy(limits, _progress())
            st.rerun()
        st.caption("Searched over: the archive tier, the size floor, files per day"
                   + (", the age, file types." if state.has_inventory() else "."))  # fmt: skip
    with right:
        if found:
            _found_policy(found, offers)


def _progress() -> searched.Report:
    bar = st.progress(0.0, "Looking at policies")

    def report(done: int, of: int) -> None:
        bar.progress(min(done / of, 1.0), f"Looking at policies: {done} of {of} rounds")

    return report


def _limits() -> PolicyLimits:
    returned = None
    if state.has_inventory():
        returned = st.number_input("Comes back within a year, at most (%)", 0.0, 100.0, None, key="limit_returned",
                                   placeholder="no limit")  # fmt: skip
    files = st.number_input("Files per day, at most", 0.0, None, None, key="limit_files", placeholder="no limit")
    paid = st.number_input(f"Paid for archiving, at most ({currency()})", 0.0, None, None, key="limit_paid",
                           placeholder="no limit")  # fmt: skip
    return PolicyLimits(returned / 100 if returned is not None else None, files, paid)


def _found_policy(found: BestPolicy, offers: dict[str, Offer]) -> None:
    if found.best:
        st.html(f'<div class="wide">{widgets.text_table(words.policy_rows(found, offers))}</div>')
        st.button("Open this policy", key="open_policy", on_click=searched.open_policy, args=(found.best,))
    if found.looked:
        widgets.picture(charts.frontier(found), lambda: tables.frontier(found), "frontier")
    st.caption(" ".join((words.tried(found), *found.notes)))


# ── what matters most ──────────────────────────────────────────────────────────────────────────────────────────────
def tornado() -> None:
    """Draw each lever and assumption at both ends, and two levers against each other."""
    measures = {name: title for name, title in words.MEASURES.items() if name == "archived_gb" or _measured()}
    headline = st.empty()
    chosen = st.segmented_control("What", list(measures), default=next(iter(measures)), required=True,
                                  format_func=measures.__getitem__, key="tornado_measure")  # fmt: skip
    yardstick = chosen if chosen in measures else next(iter(measures))
    found = searched.tornado(yardstick)
    headline.html(f'<h1 class="headline">{words.tornado_title(found)}</h1>')
    left, right = st.columns(2, gap="large")
    with left:
        widgets.picture(charts.tornado(found, currency()), lambda: tables.tornado(found), "tornado")
    with right:
        _map(yardstick)


def _measured() -> bool:
    info = state.service().dataset(state.scenario().dataset_id).info
    return info.has_savings


def _map(yardstick: str) -> None:
    known = {item.lever.name: item for item in state.service().lab.movable(state.scenario())}
    names = list(known)
    with st.container(horizontal=True):
        across = st.selectbox("Across", names, 0, key="map_across", format_func=lambda name: known[name].lever.title)
        others = [name for name in names if name != across]
        down = st.selectbox("Up", others, 0, key="map_down", format_func=lambda name: known[name].lever.title)
    found = searched.lever_map(yardstick, (across, down))
    widgets.picture(charts.lever_map(found, currency()), lambda: tables.lever_map(found), "map")
