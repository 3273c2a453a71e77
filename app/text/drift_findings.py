"""One finding in one sentence: what is off, by how much, since when.

In:    findings, alarms.
Out:   sentences from fixed templates, without p-values.
Never: names a cause that was not found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.data import scope as scope_name
from app.text.numbers import count, month, percent, significant, volume

if TYPE_CHECKING:
    from forecast_core import Alarm, Finding, WatchView

INPUTS = {
    "total_files": "the number of files",
    "avg_file_size_mb": "the average file size",
    "pct_pdf": "the share of PDF files",
    "pct_docx": "the share of Word files",
    "pct_xlsx": "the share of Excel files",
    "pct_other": "the share of other files",
    "archive_frequency_per_day": "the archive frequency",
    "estate_files": "the number of files",
    "estate_mean_mb": "the average file size",
    "estate_age_months": "the average age of a file",
    "estate_cold_share": "the cold share",
}
ESTATE_SHARE = "estate_share_"
COLUMNS = {"archived_gb": "what was archived", "savings_gb": "what was freed"}
SIGNALS = {
    "accuracy": "accuracy of the forecast",
    "range": "range of the forecast",
    "integrity": "the model that answers",
}


def input_name(what: str) -> str:
    """Return an input inside a sentence: `the average file size`."""
    if what.startswith(ESTATE_SHARE):
        return f"the share of {what.removeprefix(ESTATE_SHARE)} files"
    return INPUTS.get(what) or COLUMNS.get(what, what)


def value(what: str, figure: float) -> str:
    """Return a value of an input in its unit."""
    if what in ("total_files", "estate_files"):
        return f"{count(figure)} files"
    if what in ("avg_file_size_mb", "estate_mean_mb"):
        return volume(figure / 1024)
    if what == "archive_frequency_per_day":
        return f"{significant(figure)} a day"
    if what == "estate_age_months":
        return f"{significant(figure)} months"
    if what in COLUMNS:
        return volume(figure)
    return percent(figure)


def is_share(what: str) -> bool:
    """Return whether an input is compared in points."""
    return what.startswith(("pct_", ESTATE_SHARE)) or what == "estate_cold_share"


def by_how_much(finding: Finding) -> str:
    """Return how far off: `31 % above expected`, `12 points below expected`, `2.1 times what was expected`."""
    change = finding.change
    side = "above" if change > 0 else "below"
    if is_share(finding.what):
        return f"{significant(abs(change) * 100, 2)} points {side} expected"
    if change >= 1:
        return f"{significant(1 + change, 2)} times what was expected"
    return f"{percent(abs(change))} {side} expected"


def sentence(finding: Finding, view: WatchView) -> str:
    """Return what a finding is, in one sentence."""
    write = {"quality": _fault, "integrity": _integrity, "accuracy": _accuracy, "range": _range}
    if finding.signal in write:
        return write[finding.signal](finding)
    return _moved(finding, view)


def _moved(finding: Finding, view: WatchView) -> str:
    lost = view.vanished
    gone = lost is not None and finding.what == "estate_files" and finding.change < 0 and lost.month == finding.month
    if lost is not None and gone and lost.deleted_at_least:
        expected = count(finding.expected)
        now = count(finding.observed)
        return (
            f"{count_exactly(lost.deleted_at_least)} files were deleted in {scope_name(lost.scope)} in "
            f"{month(lost.month)}: {now} files are left where {expected} were expected."
        )
    since = view.since.get(finding.key, finding.month)
    figures = f"{value(finding.what, finding.observed)} instead of {value(finding.what, finding.expected)}"
    when = f"in {month(since)}" if since == finding.month else f"since {month(since)}"
    verb = "was" if since == finding.month else "has been"
    name = input_name(finding.what)
    return f"{name[0].upper()}{name[1:]} in {place(finding.scope)} {verb} {by_how_much(finding)} {when} ({figures})."


def count_exactly(number: int) -> str:
    """Return a whole number as it is: `1,780`."""
    return f"{number:,}"


def place(scope: str) -> str:
    """Return a scope inside a sentence."""
    return "all scopes together" if scope == "ALL" else scope


def _fault(finding: Finding) -> str:
    rule, _, column = finding.what.partition(":")
    scope, when = place(finding.scope), month(finding.month)
    name = input_name(column) if column else ""
    shown = value(column, finding.observed) if column else ""
    templates = {
        "unit": f"{scope}: {name} is about {_times(finding.change)} the usual value ({shown}); check the unit.",
        "missing": f"{scope} sent nothing for {when}.",
        "gap": f"{scope} is back in {when} after {significant(finding.observed)} months without a row.",
        "double": f"{scope} has {when} {significant(finding.observed)} times.",
        "stale": f"{scope}: the figures of {when} are those of the month before, to the last digit.",
        "shares": f"{scope}: the shares of file types add up to {percent(finding.observed)} in {when}.",
        "negative": f"{scope}: {name} is below zero in {when}.",
        "unknown": f"{scope}: {name} is empty in {when} and was known before.",
        "freed": f"{scope}: more was freed than archived in {when}.",
        "archived": f"{scope}: {shown} were archived in {when}, and only {volume(finding.expected)} lay there before.",
    }
    return templates[rule]


def _times(factor: float) -> str:
    if factor >= 1:
        return f"{significant(factor, 4)} times"
    return f"a {significant(1 / factor, 4)}th of"


def _integrity(finding: Finding) -> str:
    if finding.what == "model":
        return "The model that answers is not the one that was put there."
    return "The model gives other answers to the frozen questions than when it was put there."


def _accuracy(finding: Finding) -> str:
    over = "last month" if finding.months == 1 else f"in the last {finding.months} months"
    more = finding.change > 0
    off = percent(abs(finding.change))
    return f"{place_first(finding.scope)} archived {off} {'more' if more else 'less'} than forecast {over}."


def place_first(scope: str) -> str:
    """Return a scope at the beginning of a sentence."""
    name = place(scope)
    return name[0].upper() + name[1:]


def _range(finding: Finding) -> str:
    missed, judged = significant(finding.observed), finding.months
    return f"{place_first(finding.scope)} was outside the 90 % range in {missed} of the last {judged} months."


def about(item: Alarm | Finding) -> str:
    """Return what an alarm or a finding is about, in a few words."""
    if item.signal == "quality":
        return f"data: {item.what.replace(':', ', ').replace('_', ' ')}"
    if item.signal in ("inputs", "estate"):
        return input_name(item.what).removeprefix("the ")
    return SIGNALS[item.signal]
