"""Everything as JSON: the same numbers as the API, to the last digit."""

from __future__ import annotations

import json

from app import money_tables, wire
from app.pack.material import Material


def document(found: Material) -> bytes:
    """Return stamp, answer, bill and options."""
    report, options = found.report, found.options
    written: wire.Document = {
        "stamp": dict(found.stamp.rows),
        "answer": wire.answer(found.answer),
        "forecast": wire.outlook(found.outlook),
        "bill": None,
        "bill_note": found.unpriced,
        "options": [],
    }
    if report:
        written["bill"] = {
            "currency": report.currency,
            "terms": wire.plain(report.terms),
            "net": wire.plain(report.net),
            "so_far": wire.plain(report.cumulative),
            "verdict": wire.plain(report.verdict),
            "ledger": wire.plain(money_tables.ledger(report)),
            "prices": wire.plain(money_tables.prices(report)),
            "notes": list(report.notes),
        }
    if options:
        written["options"] = [
            {"name": name, "scenario": wire.scenario(side.scenario), "terms": wire.plain(side.terms),
             "totals": {measure: wire.plain(futures.total) for measure, futures in side.futures.items()}}
            for name, side in zip(found.names, options.sides, strict=True)
        ]  # fmt: skip
    return json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False).encode()
