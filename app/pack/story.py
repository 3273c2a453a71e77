"""The story for a meeting: where we are, what comes, the options, what we recommend."""

from __future__ import annotations

from app.charts import compare, forecast
from app.pack.material import Material
from app.pack.page import Deck, Page
from app.text import outlook as coming
from app.text import pack as words
from app.text import scenarios
from app.text.numbers import month

SHOWN_MONTHS = 24
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}


def story(found: Material) -> Deck:
    """Return the pages of the story."""
    outlook, source = found.outlook, found.stamp.source
    name = f"{source.dataset_name}, {scenarios.scope(found.answer.scenario.scope)}"
    past = outlook.past.months
    ahead = forecast.flows(outlook, past[max(len(past) - SHOWN_MONTHS, 0)], past[-1])
    where, files = words.where_we_are(outlook)
    leader = _leader(found)
    advice = words.recommendation(found.answer, found.report, leader, found.subject)
    title = words.recommendation_title(found.report, found.options, found.names, found.subject)
    pages = [
        Page("What archiving brings", (name, f"Data to {month(source.data_to)}"), is_lead=True),
        Page(where, [*files, coming.headline(outlook)], is_lead=True),
        Page(f"What comes: {ahead.title[:1].lower()}{ahead.title[1:]}", (ahead.subtitle,), ahead),
        *_options(found),
        Page(title, advice, is_lead=True),
    ]
    return Deck(f"{name}: what archiving brings", pages, found.stamp)


def _options(found: Material) -> list[Page]:
    if found.options is None:
        return []
    course = compare.course(found.options, found.names, found.options.measures[0])
    count = NUMBERS.get(len(found.names), str(len(found.names)))
    return [
        Page(f"{count} options: {course.title}", (course.subtitle,), course),
        Page(f"{count} options in numbers", (_leader(found),), table=scenarios.results(found.options, found.names)),
    ]


def _leader(found: Material) -> str:
    return scenarios.leader(found.options, found.names, found.options.measures[0]) if found.options else ""
