"""What is exported: the open question with its options, and the file that was made last.

In:    the session.
Out:   files with their names; they are made again as soon as anything they show has changed.
Never: keeps more than one file of each kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from app import state
from app.charts.frame import Picture
from app.pack import KINDS, THIS, TODAY, Material, Option, Report, gather, usual_options
from app.state import lab
from app.text import locale
from app.text.scenarios import distinct
from app.text.stamp import Stamp

FEWEST_TICKED, MOST_COMPARED = 2, 6


@dataclass(frozen=True)
class Export:
    """A finished file."""

    name: str
    mime: str
    content: bytes


def stamp() -> Stamp:
    """Return what every export carries."""
    source, imported = state.provenance(), state.terms().imported
    if imported:
        source = replace(source, price_book=state.service().pricing.book(imported).name)
    return Stamp(source, state.scenario().id, datetime.now(UTC), lab.who(), state.link())


def options() -> list[Option]:
    """Return the ticked scenarios of this scope; where there are not two, the usual ones."""
    here, terms = state.scenario(), state.terms()
    ticked = [
        Option(each.kept.name, each.asked.scenario, each.asked.terms or terms)
        for each in lab.ticked()
        if each.asked and (each.kept.dataset_id, each.kept.scope) == (here.dataset_id, here.scope)
    ]
    if len(ticked) < FEWEST_TICKED:
        return usual_options(state.service(), here, terms)
    if all(option.scenario.id != here.id for option in ticked):  # what is open is what the pack decides on
        name = THIS if (here.values, here.left_out) != (state.today(here.dataset_id, here.scope).values, ()) else TODAY
        ticked = [Option(name, here, terms), *ticked][:MOST_COMPARED]
    names = distinct([option.name for option in ticked])
    return [option._replace(name=name) for name, option in zip(names, ticked, strict=True)]


def _shown(kind: str, chosen: list[Option]) -> object:
    """Return everything a file depends on."""
    here = state.scenario()
    edition = state.service().edition(here.dataset_id)
    asked = [(option.name, option.scenario.id, option.terms) for option in chosen]
    return kind, here.id, state.terms(), asked, edition, lab.who(), locale.current().tag


def painter(picture: Picture, about: Stamp, ending: str) -> Callable[[], bytes]:
    """Return what makes a picture a PNG or SVG file, as its reader writes numbers, also in another thread."""
    here = locale.current()

    def paint() -> bytes:
        from app.painting import Paper, png, svg  # as below

        with locale.using(here):
            return (png if ending == "png" else svg)(picture, Paper(foot=about.line))

    return paint


def made(kind: str) -> Export | None:
    """Return the file of a kind, None where it was not made or is no longer what is shown."""
    shown, export = st.session_state.get(f"export_{kind}", (None, None))
    return export if shown == _shown(kind, options()) else None


def make(kind: str, report: Report = lambda *_: None) -> Export:
    """Make a file and keep it."""
    chosen, wanted = options(), KINDS[kind]
    found: Material = gather(state.service(), (state.scenario(), state.terms()), chosen, stamp())
    from app.pack.making import MAKERS  # seconds of loading, which nobody pays who exports nothing

    export = Export(wanted.file_name(found.stamp), wanted.mime, MAKERS[kind](found, report))
    st.session_state[f"export_{kind}"] = (_shown(kind, chosen), export)
    return export
