"""What a search found, in words: the setting, what else would do, what matters most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.text.levers import TYPE_TITLES, value
from app.text.numbers import count, in_unit, listed, money, month, percent, significant, unit_of, volume
from forecast_core.scenario import size_text
from forecast_core.scenario.levers import BY_NAME

if TYPE_CHECKING:
    from app.tables import Table
    from forecast_core import Bar, BestPolicy, Candidate, Found, LeverMap, LeverRange, Offer, Scenario, Setting, Tornado

GOALS = {
    "savings_gb": "Free at least",
    "archived_gb": "Archive at least",
    "net_per_year": "Save at least, a year",
    "primary_gb": "Keep primary below",
}
CHEAPEST = {"change": "the smallest change", "money": "the most money left"}
MEASURES = {"net": "Money", "savings_gb": "Freed", "archived_gb": "Archived"}
DONE = {"net": "saved net", "net_per_year": "saved net a year", "savings_gb": "freed", "archived_gb": "archived",
        "primary_gb": "on primary at most"}  # fmt: skip
NO_DIFFERENCE = 1e-9
SPEAKING = ("files", "files per day")  # units that say what the number is


def amount(yardstick: str, number: float, currency: str) -> str:
    """Return an amount of what is looked for."""
    return money(number, currency) if yardstick.startswith("net") else volume(number)


def over(months: int) -> str:
    """Return `over 24 months`."""
    return f"over {months} months" if months != 1 else "in one month"


# ── reach a goal ───────────────────────────────────────────────────────────────────────────────────────────────────
def goal_headline(found: Found, start: Scenario, currency: str, first_month: int) -> str:
    """Return what was found in one sentence."""
    target, best = amount(found.goal.yardstick, found.goal.target, currency), found.best
    what = f"{target} {DONE[found.goal.yardstick]}{_when(found, first_month)}"
    if found.was_there:
        return f"Nothing has to move: {_comes_to(found, found.today, currency)} already, with {what} as the goal."
    if best.reached:
        return f"{settings(best.scenario, start)} we reach {what}."
    nearest = amount(found.goal.yardstick, best.value, currency)
    return f"{_sentence(what)} cannot be reached with these levers; the nearest is {nearest}."


def _when(found: Found, first_month: int) -> str:
    if found.goal.yardstick == "primary_gb":
        return f" until {month(first_month + (found.goal.until or found.months) - 1)}"
    return "" if found.goal.yardstick == "net_per_year" else f" {over(found.months)}"


def _comes_to(found: Found, number: float, currency: str) -> str:
    return f"{amount(found.goal.yardstick, number, currency)} {DONE[found.goal.yardstick]}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def settings(scenario: Scenario, start: Scenario) -> str:
    """Return the levers that were moved, as the start of a sentence: `With 9,040 files per day and growth of 1.9 %`."""
    parts = [
        value(lever, at)
        if (lever := BY_NAME[name]).unit in SPEAKING
        else f"{lever.title.lower()} at {value(lever, at)}"
        for name, at in scenario.values.items()
        if at != start.values[name]
    ]
    return f"With {listed(parts)}" if parts else "As it is"


def _setting(name: str, at: float) -> str:
    lever, said = BY_NAME[name], value(BY_NAME[name], at)
    return said if lever.unit in SPEAKING else f"{lever.title.lower()} at {said}"


def goal_rows(found: Found, start: Scenario, currency: str, levers: Sequence[str]) -> Table:
    """Return every lever that might move: where it stands, where it goes, what moving it alone would take."""
    alone = {way.lever: way for way in found.alone}
    return {
        "Lever": [BY_NAME[name].title for name in levers],
        "Today": [value(BY_NAME[name], start.values[name], currency) for name in levers],
        "Found": [_moved(name, found.best.scenario, start, currency) for name in levers],
        "Alone": [_alone(alone.get(name), found, currency) for name in levers],
    }


def _moved(name: str, scenario: Scenario, start: Scenario, currency: str) -> str:
    if scenario.values[name] == start.values[name]:
        return "as today"
    return value(BY_NAME[name], scenario.values[name], currency)


def _alone(way: Setting | None, found: Found, currency: str) -> str:
    if way is None:
        return "–"
    at = value(BY_NAME[way.lever], way.scenario.values[way.lever], currency)
    if way.reached:
        return at
    return f"not enough: {amount(found.goal.yardstick, way.value, currency)} at {at}"


def run_again(found: Found, currency: str) -> str:
    """Return what the setting comes to when it is run again, and how many were looked at."""
    off = abs(found.best.value - found.goal.target) / max(abs(found.goal.target), NO_DIFFERENCE)
    looked = f"{count(found.tried)} settings were looked at"
    if not found.best.reached or found.was_there:
        return f"{_sentence(looked)}."
    exact = "exactly on the goal" if off < 1e-5 else f"{percent(off)} from the goal"
    return f"Run again it comes to {_comes_to(found, found.best.value, currency)}, {exact}; {looked}."


def as_good(way: Setting, start: Scenario) -> str:
    """Return another setting that does as well."""
    return f"{settings(way.scenario, start)}"


# ── the best policy ────────────────────────────────────────────────────────────────────────────────────────────────
def policy_headline(found: BestPolicy, offers: dict[str, Offer]) -> str:
    """Return the best policy in one sentence."""
    best = found.best
    if best is None:
        return "No policy keeps all of these limits; loosen one."
    if best.freed_gb <= 0:
        return "Within these limits nothing can be archived; loosen one."
    gain = best.net - found.today.net
    if gain <= max(0.005, 0.005 * abs(found.today.net)):
        return "What is open is as good as any policy we found within these limits."
    saved, more = money(best.net, found.currency), money(gain, found.currency)
    expected = f"we expect {saved} saved net and {volume(best.freed_gb)} freed {over(found.months)}"
    return f"{policy(best, offers)}: {expected}, {more} more than as opened."


def policy(candidate: Candidate, offers: dict[str, Offer]) -> str:
    """Return what a policy does, as the start of a sentence."""
    values = candidate.scenario.values
    parts = [f"Archive to {offers[candidate.terms.archive].title}"]
    if "rule_months" in values:
        parts.append(f"what nobody touched for {value(BY_NAME['rule_months'], values['rule_months'])}")
        if values["smallest_class"] > 0:
            parts.append(f"files from {size_text(int(values['smallest_class']))} on")
        if left := left_out(candidate.scenario):
            parts.append(f"without {left}")
    elif candidate.terms.skip_below_kb:
        parts.append(f"files from {significant(candidate.terms.skip_below_kb)} KB on")
    if "archive_frequency_per_day" in values:
        parts.append(f"{count(values['archive_frequency_per_day'])} files a day at most")
    return ", ".join(parts)


def left_out(scenario: Scenario) -> str:
    """Return the file types that a scenario leaves on primary."""
    types = [part.partition(":")[2] for part in scenario.left_out if part.startswith("type:")]
    return listed([TYPE_TITLES.get(name, name) for name in types])


def policy_rows(found: BestPolicy, offers: dict[str, Offer]) -> Table:
    """Return the best policy beside today's."""
    columns = {"As opened": found.today, **({"Best": found.best} if found.best else {})}
    rows = ["Saved net", "Freed", "Paid for archiving", "Busiest month", "Comes back in a year", "Tier"]
    return {f"Over {found.months} months": rows} | {
        name: [
            money(each.net, found.currency),
            volume(each.freed_gb),
            money(each.paid, found.currency),
            f"{count(each.files_per_day)} files per day",
            percent(each.returned_ratio) if math.isfinite(each.returned_ratio) else "not known",
            offers[each.terms.archive].title,
        ]
        for name, each in columns.items()
    }


def frontier_title(found: BestPolicy) -> str:
    """Return what the frontier says."""
    if len(found.frontier) < 2:
        return "One policy is best in GB and in money"
    least, most = found.frontier[0], found.frontier[-1]
    gb, cost = most.freed_gb - least.freed_gb, least.net - most.net
    return f"The last {volume(gb)} cost {money(cost, found.currency)}"


def tried(found: BestPolicy) -> str:
    """Return how many were looked at."""
    return f"{count(found.tried)} policies were looked at; the library is scipy's differential evolution."


# ── what matters most ──────────────────────────────────────────────────────────────────────────────────────────────
def tornado_title(found: Tornado) -> str:
    """Return which decision and which belief matter most."""
    decided = next((bar for bar in found.bars if bar.decided and bar.width > 0), None)
    believed = next((bar for bar in found.bars if not bar.decided and bar.width > 0), None)
    if believed is None:
        return f"{decided.title} matters most" if decided else "Nothing moves it"
    if decided is None:
        return f"{believed.title} matters most"
    first, second = (believed, decided) if believed.width >= decided.width else (decided, believed)
    kind = "of what we decide" if second.decided else "of what we believe"
    return f"{first.title} matters most; {kind}, {second.title.lower()}"


def widest_title(found: Tornado, currency: str) -> str:
    """Return what the widest bar comes to at both ends."""
    if not found.bars:
        return "Nothing moves it"
    widest = found.bars[0]
    low, high = sorted((widest.value_lower, widest.value_upper))
    return f"{widest.title}: {' to '.join(amount(found.yardstick, end, currency) for end in (low, high))}"


def ends(bar: Bar, currency: str) -> str:
    """Return the range of a bar: `3,650 to 14,600 files per day`."""
    if bar.unit == "times":
        return f"{significant(bar.lower)} × to {significant(bar.upper)} ×"
    lever = BY_NAME.get(bar.name)
    if lever is not None:
        return f"{value(lever, bar.lower, currency)} to {value(lever, bar.upper, currency)}"
    if bar.unit == "percent":
        return f"{percent(bar.lower)} to {percent(bar.upper)}"
    return f"{significant(bar.lower)} to {significant(bar.upper)}"


def bar(found: Bar, yardstick: str, currency: str) -> str:
    """Return what both ends come to."""
    low, high = (amount(yardstick, end, currency) for end in (found.value_lower, found.value_upper))
    return f"{low} to {high} for {ends(found, currency)}"


def map_title(found: LeverMap, currency: str) -> str:
    """Return where the best corner is."""
    best = divmod(int(found.values.argmax()), found.values.shape[1])
    at = f"{value(found.across.lever, float(found.across_at[best[1]]), currency)} and "
    at += value(found.down.lever, float(found.down_at[best[0]]), currency)
    return f"Most at {at}: {amount(found.yardstick, float(found.values.max()), currency)}"


def month_ahead(first: int, count: int) -> str:
    """Return the month that is so many months ahead, `first` being the first."""
    return month(first + count - 1)


def lever_unit(item: LeverRange) -> str:
    """Return the unit of a lever for an axis."""
    return {"percent": "%", "price": "per GB and month", "size class": "bytes"}.get(item.lever.unit, item.lever.unit)


def shown_unit(yardstick: str, today: float, currency: str) -> tuple[str, float]:
    """Return the unit a target is entered in, and how many of it a GB (or one unit of money) is."""
    if yardstick.startswith("net"):
        return currency, 1.0
    unit = unit_of(max(today, 1e-9))
    return unit, in_unit(1, unit)
