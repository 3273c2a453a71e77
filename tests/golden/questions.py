"""Eight questions about the demo company, as links, and the headline numbers of their answers.

In:    a service.
Out:   the answers as plain dictionaries.
Never: keeps a whole answer; a moved band edge in one month is no news, a moved total is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from forecast_core import ALL, Answer, Service, from_query, month_text, to_query

FILE = Path(__file__).parent / "answers.json"
TODAY = np.datetime64("2026-11", "M")
QUESTIONS: dict[str, dict[str, str]] = {
    "nothing changes": {"scope": ALL},
    "archive twice as often": {"scope": ALL, "perday": "14606"},
    "stop archiving in spring": {"scope": ALL, "perday": "0", "start": "2027-04", "horizon": "36"},
    "a third more files, larger ones": {"scope": ALL, "files": "3350000", "size": "1.6"},
    "growth doubles, five years": {"scope": ALL, "growth": "0.02", "horizon": "60"},
    "more pdf, fewer of the rest": {"scope": ALL, "pdf": "0.4", "docx": "0.3", "xlsx": "0.12"},
    "the cold tier with recall": {"scope": ALL, "archive": "0.0036", "recall": "0.01"},
    "everything in Legal": {
        "scope": "Legal", "perday": "1500", "size": "1.2", "growth": "0.015", "recall": "0.005",
        "primary": "0.18", "archive": "0.01", "start": "2027-02", "horizon": "12",
    },
}  # fmt: skip


def answers(service: Service) -> dict[str, dict[str, Any]]:
    """Return question, link and headline numbers of each."""
    return {name: _asked(service, {"v": "1", "d": service.demo_id, **query}) for name, query in QUESTIONS.items()}


def _asked(service: Service, query: dict[str, str]) -> dict[str, Any]:
    scenario = from_query(query, service.ranges(query["d"], query["scope"]))
    return {"question": to_query(scenario), "answer": headline(service.simulate(scenario))}


def headline(answer: Answer) -> dict[str, Any]:
    """Return what the page says first."""
    totals = {"archived_gb": answer.archived_total, "savings_gb": answer.savings_total}
    if answer.money:
        totals["saved_cost"] = answer.money.total
    numbers = {
        f"{name}.{what}.{edge}": getattr(getattr(total, what), edge)
        for name, total in totals.items()
        if total
        for what in ("baseline", "scenario", "change")
        for edge in ("lower", "point", "upper")
    }
    parts = {part.lever: part.saved_cost for part in answer.contributions}
    months = {
        "used_up": month_text(answer.used_up_month) if answer.used_up_month is not None else None,
        "break_even": answer.money.break_even if answer.money else None,
        "trust": answer.trust.colour,
        "model": answer.provenance.model_name,
    }
    return {**months, **numbers, "contributions": parts}
