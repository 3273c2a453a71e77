"""The Money page in words: the verdict, what it rests on, what could turn it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.levers import TYPE_TITLES
from app.text.locale import digits, marked
from app.text.numbers import MINUS, listed, money, money_range, month, percent, significant, volume

if TYPE_CHECKING:
    from forecast_core import Flip, Imported, MoneyReport, Offer, PoolStory, Stress, Swing, Term, TierWorth

CENT = 0.01
KB = 1 / 2**20
COLOURS = {"worth it": "green", "worth it for": "green", "not worth it": "red", "too early to say": "amber"}


def exact(amount: float, currency: str) -> str:
    """Return an amount to the cent: `−$1,234.50`.

    >>> exact(-1234.5, "USD"), exact(0.0, "USD")
    ('−$1,234.50', '$0.00')
    """
    sign = MINUS if round(amount, 2) < 0 else ""
    return sign + marked(digits(f"{abs(amount):,.2f}"), currency)


def over(report: MoneyReport) -> str:
    """Return `over 24 months`."""
    months = len(report.months)
    return f"over {months} months" if months > 1 else "in one month"


# ── the sentence ───────────────────────────────────────────────────────────────────────────────────────────────────
def headline(report: MoneyReport, archive: Offer) -> str:
    """Return the verdict in one sentence, with its amount and its reason."""
    found = report.verdict
    amount = (
        f"{money(abs(report.total), report.currency)} {'saved net' if report.total >= 0 else 'lost'} {over(report)}"
    )
    match found.word:
        case "worth it":
            return f"Archiving to {archive.title} is worth it: we expect {amount}, after every fee."
        case "worth it for":
            return f"Archiving to {archive.title} is worth it {_for(report)}; for everything it is not: {amount}."
        case "not worth it":
            return f"Archiving to {archive.title} is not worth it: we expect {amount}. {_why(report)}".rstrip()
        case _:
            return f"It is too early to say whether archiving to {archive.title} is worth it. {_why(report)}"


def _for(report: MoneyReport) -> str:
    found = report.verdict
    gain = money(found.value_selected, report.currency)
    if found.from_kb:
        return f"for files from {size(found.from_kb)} on (worth {gain} today)"
    return f"for {listed([TYPE_TITLES.get(name, name) for name in found.types])} (worth {gain} today)"


PLAIN_REASONS = {
    "under the quota": "The pool stays under its quota, so the storage that is freed is not paid for anyway.",
    "too small": "That is too little for the work it takes.",
    "nothing archived": "Nothing is archived.",
}


def _why(report: MoneyReport) -> str:
    match report.verdict.reason:
        case "sure loss":
            return f"It loses on {percent(report.verdict.worth.loss_probability)} of the paths we see."
        case "sure gain":
            chance = percent(1 - report.verdict.worth.loss_probability)
            return f"It gains on {chance} of the paths we see."
        case "unconfirmed price":
            names = listed([use.price.title for use in report.prices if use.price.unconfirmed])
            return f"A price is only a placeholder: {names}. Confirm it or enter yours."
        case "outside experience":
            return f"The forecast itself is a guess: {report.trust.reason}"
        case "depends on volumes":
            chance = percent(report.verdict.worth.loss_probability)
            return f"The chance to lose money is {chance}; it hangs on the volumes."
        case reason:
            return PLAIN_REASONS.get(reason, "")


def size(kb: float) -> str:
    """Return a file size given in KB."""
    return volume(kb * KB)


def term(item: Term, value: float) -> str:
    """Return the value of a term as a slider shows it."""
    return percent(value) if item.unit == "percent" else significant(value)


def below(report: MoneyReport) -> list[str]:
    """Return the three numbers behind the verdict, and where it ends."""
    return [
        _three(report),
        *cautions(report),
        _ends(report),
        *([text] if (text := _advice(report)) else []),
        *_pool(report),
    ]


def cautions(report: MoneyReport) -> list[str]:
    """Return what to check before these numbers are shown around: old prices, and weak ones."""
    old = [f"{use.price.title} ({use.price.read})" for use in report.prices if use.is_stale]
    weak = [use.price.title for use in report.prices if use.price.confidence == "low" and not use.price.unconfirmed]
    texts = [f"Check these prices, they were read more than six months ago: {listed(old)}."] if old else []
    if report.trust.colour == "amber":
        texts.append(f"{report.trust.reason[0].upper()}{report.trust.reason[1:].rstrip('.')}.")
    return texts + ([f"These prices are known with low confidence only: {listed(weak)}."] if weak else [])


def _three(report: MoneyReport) -> str:
    worth, currency = report.verdict.worth, report.currency
    value = f"Worth today {money(worth.value.point, currency)}"
    between = money_range(worth.value.lower, worth.value.upper, currency)
    why = f"{_why(report)} " if report.verdict.reason == "sure gain" else ""
    return f"{why}{value} ({between}) · {_payback(report)} · chance to lose money {percent(worth.loss_probability)}"


def _payback(report: MoneyReport) -> str:
    worth = report.verdict.worth
    if worth.payback_months == 0:
        return "never below zero"
    if worth.payback_months is None:
        return f"not paid back within {worth.months} months"
    low, high = worth.payback_lower, worth.payback_upper
    between = "" if low == high else f" ({low} to {f'{high}' if high else f'more than {worth.months}'})"
    return f"paid back after {months(worth.payback_months)}{between}"


def _ends(report: MoneyReport) -> str:
    at = report.verdict.break_even
    parts: list[str] = []
    if math.isfinite(at.size_bytes) and at.size_bytes > 0:
        parts.append(f"a file must have at least {volume(at.size_bytes / 2**30)}")
    if math.isfinite(at.recall_ratio):
        parts.append(f"no more than {percent(at.recall_ratio)} may be recalled a month")
    if math.isfinite(at.stay_months):
        parts.append(f"an average file must lie untouched for {months(at.stay_months)}")
    if at.size_bytes == 0 and not parts:
        return "Files of every size pay."
    return f"To pay: {', '.join(parts)}." if parts else "No file size, recall or stay makes it pay under these terms."


def months(number: float) -> str:
    """Return `1 month`, `14 months`."""
    return "1 month" if number == 1 else f"{significant(number)} months"


def _advice(report: MoneyReport) -> str:
    found = report.verdict
    if not found.better_from_kb or found.word == "worth it for":
        return ""
    more = found.value_better - found.worth.value.point
    return (
        f"Leaving out files below {size(found.better_from_kb)} would make it worth {money(more, report.currency)} more."
    )


def _pool(report: MoneyReport) -> list[str]:
    pool = report.pool
    if pool is None:
        return []
    first = float(report.ledger.amount("primary")[0])
    now = f"Cash now: {exact(first, report.currency)} less for extra storage in {month(report.months[0])}"
    used = f"{volume(pool.active_now_gb)} of {volume(pool.quota_gb)} used"
    return [f"{now} ({used}). {_purchase(pool)}"]


def _purchase(pool: PoolStory) -> str:
    if pool.crossed_without is None:
        return "Without archiving the quota is not reached in this time either, so no purchase is avoided."
    if pool.avoided_from is None:
        return "No purchase is avoided."
    later = month(pool.crossed_with) if pool.crossed_with is not None else "a month beyond this time"
    moved = (
        ""
        if pool.is_under_today is False
        else f" The first purchase moves from {month(pool.crossed_without)} to {later}."
    )
    return f"Purchase avoided from {month(pool.avoided_from)} on, at most {volume(pool.peak_avoided_gb)}.{moved}"


def change(report: MoneyReport) -> str:
    """Return what the moved levers change against today, "" if none was moved."""
    found = report.change
    if found is None:
        return ""
    if max(abs(found.point), abs(found.lower), abs(found.upper)) < CENT / 2:
        return "In money this scenario comes to the same as today's settings."
    word = "more" if found.point >= 0 else "less"
    amount = money(abs(found.point), report.currency)
    between = money_range(found.lower, found.upper, report.currency)
    return f"Against today's settings this scenario is worth {amount} {word} ({between})."


def gap(report: MoneyReport) -> str:
    """Return how this total and the simulator's hang together."""
    fees = report.storage_only - report.total
    return (
        f"The simulator counts stored data only: {money(report.storage_only, report.currency)}. "
        f"Everything else takes {money(fees, report.currency)} of it."
        if abs(fees) >= 0.005
        else ""
    )


# ── findings ───────────────────────────────────────────────────────────────────────────────────────────────────────
def waterfall(report: MoneyReport) -> str:
    """Return the title of the waterfall: what takes most of the gross saving."""
    costs = [step for step in report.waterfall if step.amount < 0]
    gross = sum(step.amount for step in report.waterfall if step.amount > 0)
    if not costs:
        return (
            f"{exact(gross, report.currency)} saved and nothing paid for it" if gross else "Nothing saved, nothing paid"
        )
    most = min(costs, key=lambda step: step.amount)
    if not gross:
        paid = exact(abs(report.total), report.currency)
        return f"Nothing is saved and {paid} is paid; {most.title.lower()} takes most"
    left = f"{exact(report.total, report.currency)} of {exact(gross, report.currency)} are left"
    return f"{left}; {most.title.lower()} takes most"


def by_month(report: MoneyReport) -> str:
    """Return the title of the months: the hump, if there is one."""
    if not report.ledger.net.any():
        return "No month saves or costs anything"
    below_zero = [index for index, value in enumerate(report.ledger.net) if value < 0]
    if not below_zero:
        return (
            f"Every month saves, {money(float(report.ledger.net[-1]), report.currency)} in {month(report.months[-1])}"
        )
    if len(below_zero) == len(report.months):
        return "Every month costs more than it saves"
    worst = min(below_zero, key=lambda index: float(report.ledger.net[index]))
    many = f"{len(below_zero)} of {len(report.months)} months cost more than they save"
    return f"{many}, most in {month(report.months[worst])}"


def sensitivity(report: MoneyReport) -> str:
    """Return the title of the sensitivity: the assumption that moves most, and whether one turns the sign."""
    found = [swing for swing in report.swings if math.isfinite(swing.width)]
    if not found:
        return "Nothing can be varied"
    turning = [
        swing
        for swing in found
        if min(swing.value_lower, swing.value_upper) < 0 < max(swing.value_lower, swing.value_upper)
    ]
    if turning:
        return f"{turning[0].title} can turn the sign"
    return f"{found[0].title} moves it most; no single assumption in its range turns the sign"


def setting(swing: Swing, value: float) -> str:
    """Return the end of a range: `0.8 ×`, `2 %`."""
    if swing.unit == "percent":
        return percent(value)
    return f"{significant(value)} ×" if swing.unit == "times" else significant(value)


def flips(report: MoneyReport) -> list[str]:
    """Return one sentence per assumption that turns the order of the tiers."""
    return [_flip(found) for found in report.flips] or ["No single assumption turns the order of the first tiers."]


def _flip(found: Flip) -> str:
    at = percent(found.at) if found.unit == "percent" else significant(found.at)
    times = " × today" if found.unit == "times" else ""
    return f"{found.title}: at {at}{times} instead of {_today(found)}, {found.winner} becomes the better one."


def _today(found: Flip) -> str:
    return percent(found.today) if found.unit == "percent" else significant(found.today)


# ── tables of words ────────────────────────────────────────────────────────────────────────────────────────────────
def tiers(found: tuple[TierWorth, ...], currency: str, chosen: str) -> dict[str, list[str]]:
    """Return the tiers that can be priced, best first; the chosen one is marked."""
    priced = [tier for tier in found if not tier.problem]
    return {
        "Tier": [f"{tier.offer.title} (chosen)" if tier.offer.id == chosen else tier.offer.title for tier in priced],
        "Worth today": [money(tier.value, currency) for tier in priced],
        "Paid": [money(tier.paid, currency) for tier in priced],
        "Paid back": [_after(tier.payback_months, tier.value) for tier in priced],
        "Data back after": [_wait(tier.offer.rules.wait_hours) for tier in priced],
        "Least time": [
            f"{tier.offer.rules.minimum_days} days" if tier.offer.rules.minimum_days else "none" for tier in priced
        ],
        "Note": ["low confidence" if tier.low_confidence else "" for tier in priced],
    }


def not_priced(found: tuple[TierWorth, ...]) -> list[str]:
    """Return one sentence per tier that cannot be priced."""
    return [tier.problem for tier in found if tier.problem]


def _after(number: int | None, value: float) -> str:
    if number is None:
        return "not in this time"
    return "at once" if number == 0 and value > 0 else f"after {months(number)}" if number else "–"


def _wait(hours: float) -> str:
    return f"up to {hours:g} h" if hours else "at once"


SHARING = (
    "A line is shared month by month by what each scope used of it; what no scope uses by itself (project costs, "
    "hours of endpoints, trimmed versions) by its share of what is archived; a saving under a quota by what each scope "
    "frees. The total is rounded once; the cents of a line go to the scopes with the largest remainders, so that "
    "lines, months and scopes all add up to the total."
)


def scopes(report: MoneyReport) -> dict[str, list[str]]:
    """Return what each scope has of the bill, by line, and the sum."""
    lines = [*report.by_scope]
    table = {"Scope": [*(line.scope for line in lines), "Sum"]}
    for step in report.waterfall:
        cells = [exact(line.amounts[step.name], report.currency) for line in lines]
        table[step.title] = [*cells, exact(step.amount, report.currency)]
    return table | {
        "Net": [*(exact(line.net, report.currency) for line in lines), exact(report.total, report.currency)]
    }


# ── stress, import, carbon ─────────────────────────────────────────────────────────────────────────────────────────
def stress(found: Stress, currency: str) -> str:
    """Return what an event does, in one sentence."""
    if found.problem:
        return f"{found.title}: {found.problem}"
    left, before = money(abs(found.net), currency), money(found.net_before, currency)
    after = f"{left} {'saved' if found.net >= 0 else 'lost'} instead of {before}"
    if found.month is None:
        return f"{found.title}: it costs {exact(found.cost, currency)} more over the whole time; {after}."
    wait = (
        f" The data is back after up to {found.wait_hours:g} hours."
        if found.wait_hours
        else " The data is there at once."
    )
    what = f"getting {volume(found.gb)} out in {month(found.month)} costs {exact(found.cost, currency)}"
    return f"{found.title}: {what}; {after} over the whole time.{wait}"


def understood(found: Imported) -> list[str]:
    """Return what an import understood, and why rows were left out."""
    tiers = f"{found.used:,} of {found.rows:,} rows are used, for {len(found.offers)} tiers."
    return [tiers, *(f"{number:,} left out: {reason}." for reason, number in found.left_out), *found.notes]


def ranges(report: MoneyReport) -> str:
    """Return how a swing comes about and where its range is from."""
    return (
        "Each bar is the whole ledger reckoned again, with one assumption at the lower and at the upper end of its "
        "range and everything else as it is. The range of what is archived is the forecast's; the others are ours, "
        f"wide enough for what estates differ by. Amounts are worth today at {_rate(report)} interest a year."
    )


def _rate(report: MoneyReport) -> str:
    return percent(report.terms.interest_ratio_per_year)


def carbon(report: MoneyReport) -> str:
    """Return carbon as an order of magnitude with its factors."""
    kg = report.carbon_kg
    power = 10 ** math.floor(math.log10(abs(kg))) if kg else 1
    amount = f"{significant(round(abs(kg) / power) * power, 1)} kg" if kg else "nothing"
    word = "less" if kg >= 0 else "more"
    return f"Carbon, order of magnitude: about {amount} CO₂e {word} {over(report)}. {_factors(report)}"


def _factors(report: MoneyReport) -> str:
    """Return the formula of carbon with its factors."""
    found = report.carbon
    power = f"{found.watt_hours_per_tb_hour:g} Wh × {found.copies:g} copies × PUE {found.overhead:g}"
    made = f"plus {found.embodied_kg_per_tb_year:g} kg per TB, year and copy for making the disks"
    return (
        "TB × hours no longer held on primary less those held in the archive, "
        f"× {power} × {found.grid_kg_per_kwh:g} kg per kWh, {made}. Factors: {found.source}."
    )
