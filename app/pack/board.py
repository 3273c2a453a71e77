"""The board pack: one page of decision, three pictures, assumptions, prices with sources, limits."""

from __future__ import annotations

from app.charts import compare, simulator
from app.charts import money as bills
from app.pack.material import Material
from app.pack.page import Deck, Page
from app.text import pack as words
from app.text import scenarios


def board(found: Material) -> Deck:
    """Return the pages of the board pack."""
    answer, report, options = found.answer, found.report, found.options
    decided = words.decision(answer, report)
    reasons = words.reasons(answer, report, found.unpriced)
    pages = [Page(decided, reasons, table=words.key_numbers(answer, report), is_lead=True)]
    shown = [simulator.flows(answer)]
    if report:
        shown.append(bills.waterfall(report))
    if options:
        shown.append(compare.course(options, found.names, options.measures[0]))
    pages += [Page(each.title, (each.subtitle,), each) for each in shown]
    if options:
        leader = scenarios.leader(options, found.names, options.measures[0])
        pages.append(Page(leader, table=scenarios.results(options, found.names)))
    assumed = words.assumptions(answer, found.known, report)
    pages.append(Page(words.assumptions_title(answer, found.known), table=assumed))
    if report:
        pages.append(Page(f"Prices, with sources, in {report.currency}", table=words.prices(report)))
    pages.append(Page("What these numbers do not know", words.limits(answer, report, found.unpriced)))
    return Deck(decided, pages, found.stamp)
