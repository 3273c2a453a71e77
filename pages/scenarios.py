"""Which scenario is better, and is what was said of them still so?"""

from __future__ import annotations

from app import scenarios, widgets
from app.state import lab
from app.text import scenarios as words

with widgets.guard():
    ticked, kept = lab.ticked(), lab.shelf("kept")
    if scenarios.FEWEST <= len(ticked) <= scenarios.MOST:
        found, names = lab.compare(ticked), scenarios.compared_names(ticked)
        scenarios.headline(words.leader(found, names, found.measures[0]))
        scenarios.comparison(found, names, *scenarios.choices(found, ticked, names))
    else:
        scenarios.headline(words.headline(kept))
    scenarios.entry(kept)
    scenarios.rows(scenarios.shelf())
    widgets.stamp()
