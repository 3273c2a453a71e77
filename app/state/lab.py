"""What the session remembers of kept scenarios: which one is open, what is chosen, who is working.

In:    clicks and entries.
Out:   kept scenarios, opened, changed, deleted and brought back through the service.
Never: overwrites what somebody else saved; loses a name that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from app.examples import examples
from app.state import access, attempt, origin, scenario, service, settings, show
from app.text import headline as words
from app.text import locale
from forecast_core import Asked, Author, Comment, Comparison, Kept, Scenario, Standing, Terms, Version, baseline

NOBODY = "somebody"


@dataclass(frozen=True)
class Done:
    """What was just done to a scenario, and whether it can be taken back."""

    said: str
    undo: str = ""


# ── who ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def who() -> str:
    """Return who works here: signed in, or as typed."""
    return access.who().name if is_signed_in() else str(st.session_state.get("who") or NOBODY)


def is_signed_in() -> bool:
    """Return whether the name is known without being typed."""
    return settings().sign_in != "off"


def call_me(name: str) -> None:
    """Remember a typed name."""
    st.session_state["who"] = name.strip()[:120]


def author() -> Author:
    """Return who does something now."""
    return Author(who(), datetime.now(UTC))


# ── the open scenario ──────────────────────────────────────────────────────────────────────────────────────────────
def asked() -> Asked:
    """Return the whole open question."""
    terms: Terms | None = st.session_state.get("terms")
    return Asked(scenario(), terms)


def made_from() -> tuple[str, int] | None:
    """Return the kept scenario and version that is open, or that the open one was made from."""
    return origin.of(scenario())


def open_kept(identity: str, number: int = 0) -> None:
    """Open a kept scenario, or one of its versions."""

    def act() -> None:
        kept, version = service().kept.opened(f"{identity}.{number}" if number else identity)
        _show(service().kept.asked(version), kept, version)

    attempt(act)


def _show(found: Asked, kept: Kept, version: Version) -> None:
    if found.terms is None:
        st.session_state.pop("terms", None)
    else:
        st.session_state["terms"] = found.terms
    origin.remember(kept, version.number)
    show(found.scenario)


# ── keep ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def sentence(found: Scenario) -> str:
    """Return the sentence that a scenario is kept with: in English, whoever keeps it."""
    with locale.using(locale.ENGLISH):
        return words.headline(service().simulate(found))


def keep() -> None:
    """Keep the open scenario under the name and with the note of the form."""
    name, note = st.session_state.get("keep_name", ""), st.session_state.get("keep_note", "")

    def act() -> None:
        kept = service().kept.keep(name, asked(), sentence(scenario()), note, author())
        _kept(kept, f"“{kept.name}” is kept.")

    attempt(act)


def keep_version() -> None:
    """Keep the open scenario as the next version of the one it was made from."""
    identity, number = made_from() or ("", 0)

    def act() -> None:
        kept = service().kept.keep_version(identity, number, asked(), sentence(scenario()), author())
        _kept(kept, f"“{kept.name}” is kept as version {kept.version.number}.")

    attempt(act)


def keep_start() -> None:
    """Keep today's settings, locked, and the worked questions: something to compare from the first minute on."""

    def act() -> None:
        known = service().ranges(scenario().dataset_id, scenario().scope)
        today = baseline(known)
        first = _keep_as("Baseline", today, "As it is today.")
        service().kept.lock(first.id, first.edition, author(), locked=True)
        for example in examples(known, service().price_book):
            _keep_as(example.title, today.with_values(**example.values), "A worked question.")
        _done("Today, as a locked baseline, and the worked questions are kept; tick some of them to compare.")

    attempt(act)


def _keep_as(name: str, found: Scenario, note: str) -> Kept:
    return service().kept.keep(name, Asked(found, asked().terms), sentence(found), note, author())


def keep_baseline() -> None:
    """Keep today's settings under the name Baseline, locked."""

    def act() -> None:
        found = _keep_as("Baseline", baseline(service().ranges(scenario().dataset_id, scenario().scope)), "As today.")
        service().kept.lock(found.id, found.edition, author(), locked=True)
        _done("The baseline is kept and locked.")

    attempt(act)


def _kept(kept: Kept, said: str) -> None:
    origin.remember(kept, kept.version.number)
    show(scenario())
    for key in ("keep_name", "keep_note"):
        st.session_state[key] = ""
    st.session_state["keep_pop"] = False
    _done(said)


# ── the list ───────────────────────────────────────────────────────────────────────────────────────────────────────
def zone() -> tzinfo | None:
    """Return the time zone of the reader, None where the browser does not say."""
    try:
        return ZoneInfo(st.context.timezone) if st.context.timezone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def shelf(which: str) -> tuple[Kept, ...]:
    """Return kept scenarios: `kept`, `archived` or `deleted` ones."""
    if which == "deleted":
        return service().kept.all(deleted=True)
    return tuple(found for found in service().kept.all() if found.archived == (which == "archived"))


def standing(kept: Kept) -> Standing:
    """Return a kept scenario then and now."""
    return service().kept.standing(kept)


def rename(kept: Kept, name: str) -> None:
    """Give another name."""
    if name.strip() != kept.name:
        _do(lambda: service().kept.rename(kept.id, kept.edition, name, author()), f"“{kept.name}” is now “{name}”.")


def duplicate(kept: Kept) -> None:
    """Keep a copy."""
    copy = f"{kept.name[:100]} (copy)"
    _do(lambda: service().kept.duplicate(kept.id, copy, author()), f"“{copy}” is kept.")


def lock(kept: Kept, locked: bool) -> None:
    """Lock or unlock."""
    said = f"“{kept.name}” is {'locked' if locked else 'unlocked'}."
    _do(lambda: service().kept.lock(kept.id, kept.edition, author(), locked=locked), said)


def archive(kept: Kept, archived: bool) -> None:
    """Put away or take out again."""
    said = f"“{kept.name}” is {'archived' if archived else 'back in the list'}."
    _do(lambda: service().kept.archive(kept.id, kept.edition, author(), archived=archived), said)


def decide(kept: Kept, number: int) -> None:
    """Mark a version as decided, or take that back."""
    said = f"Decided: “{kept.name}”, version {number}." if number else f"“{kept.name}” is open again."
    _do(lambda: service().kept.decide(kept.id, kept.edition, number, author()), said)


def delete(kept: Kept) -> None:
    """Delete; the next line offers to take it back."""
    _do(lambda: service().kept.delete(kept.id, kept.edition, author()), f"“{kept.name}” is deleted.", undo=kept.id)


def restore(identity: str) -> None:
    """Bring a deleted scenario back."""
    _do(lambda: service().kept.restore(identity, author()), "It is back.")


def comments(kept: Kept) -> tuple[Comment, ...]:
    """Return what was said about a scenario."""
    return service().kept.comments(kept.id)


def versions(kept: Kept) -> tuple[Version, ...]:
    """Return every version, the latest first."""
    return service().kept.versions(kept.id)


def say(kept: Kept, key: str) -> None:
    """Comment on the current version with what was typed."""
    _do(lambda: service().kept.say(kept.id, kept.version.number, st.session_state[key], author()), "")
    st.session_state[key] = ""


def unsay(comment_id: int) -> None:
    """Take a comment back."""
    _do(lambda: service().kept.unsay(comment_id, datetime.now(UTC)), "The comment is gone.")


def _do(act: Callable[[], object], said: str, undo: str = "") -> None:
    def both() -> None:
        act()
        _done(said, undo)

    attempt(both)


def _done(said: str, undo: str = "") -> None:
    st.session_state["done"] = Done(said, undo) if said else None


def done() -> Done | None:
    """Return what was just done; it is said once."""
    found: Done | None = st.session_state.pop("done", None)
    return found


# ── the comparison ─────────────────────────────────────────────────────────────────────────────────────────────────
def chosen() -> tuple[str, ...]:
    """Return the kept scenarios that are ticked, in the order of ticking."""
    found: tuple[str, ...] = st.session_state.get("chosen", ())
    return found


def choose_kept(identity: str, ticked: bool) -> None:
    """Tick or untick."""
    others = tuple(each for each in chosen() if each != identity)
    st.session_state["chosen"] = (*others, identity) if ticked else others


def ticked() -> tuple[Standing, ...]:
    """Return the ticked scenarios that can be answered, in the order of ticking."""
    here = {found.id: found for found in service().kept.all()}
    found = (service().kept.standing(here[each]) for each in chosen() if each in here)
    return tuple(each for each in found if each.now is not None)


def compare(standings: tuple[Standing, ...]) -> Comparison:
    """Return scenarios side by side."""
    start = service().money_terms()
    return service().lab.compare([(each.asked.scenario, each.asked.terms or start) for each in standings if each.asked])


def short_link(kept: Kept, number: int) -> str:
    """Return the short address of a version; it opens on the first page."""
    place = urlsplit(st.context.url or "")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{place.scheme}://{place.netloc}/{f'{base}/' if base else ''}?s={kept.id}.{number}"
