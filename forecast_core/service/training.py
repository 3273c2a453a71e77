"""One training: the whole field races, everyone is judged, somebody answers and perhaps somebody waits.

In:    a history, who answered so far, a clock.
Out:   `Trained`: what was learned of the champion and of a challenger, every model, and why it went that way.
Never: lets a challenger replace a champion that it does not clearly beat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TypeVar

from forecast_core.backtest import FIELD, JUDGED_ORIGINS, Entrant, Race, challenged, monthly_losses, race
from forecast_core.estimators import Estimator, Model
from forecast_core.history import History
from forecast_core.months import months_between, parse_month
from forecast_core.service.judging import Clock, Judged, Truth, judge
from forecast_core.service.learned import JUDGED_MONTHS, Learned, held_by, learned_of

WORKERS = 2
What = TypeVar("What")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Progress:
    """How far a training is: `done` of `total` parts, and what was finished last."""

    done: int
    total: int
    what: str


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Incumbent:
    """Who answered so far: its estimator, and the month of the data when that last changed ("" if never).

    `may_lose` is false where a person decides: a challenger that won is then put forward and waits.
    """

    name: str
    changed: str = ""
    may_lose: bool = True


@dataclass(frozen=True, eq=False)
class Trained:
    """`models` by name, learned on everything; `changed` month of the data when the champion last changed, or ""."""

    champion: Learned
    challenger: Learned | None
    reason: str
    changed: str
    models: dict[str, Model]


def train(
    history: History,
    clock: Clock,
    report: Report,
    incumbent: Incumbent | None = None,
    truth: Truth | None = None,
    field: Sequence[Estimator] = FIELD,
) -> Trained:
    """Return the training of the whole field; ModelError where nobody could learn."""
    crew = _Crew(report, total=2 * len(field))
    found = race(history, JUDGED_MONTHS, field, held_by, crew.racing)
    told = dict(
        zip(
            [entrant.estimator.name for entrant in found.entrants],
            crew.each(lambda entrant: judge(history, entrant, clock, truth), found.entrants, "judged"),
            strict=True,
        )
    )
    judged = {name: pair[0] for name, pair in told.items()}
    models = {name: model for name, (_, model) in told.items() if model is not None}
    answers, waits, reason, changed = _decided(found, incumbent, history)
    return Trained(
        champion=_learned(history, found, answers, judged),
        challenger=_learned(history, found, waits, judged) if waits else None,
        reason=reason,
        changed=changed,
        models=models,
    )


def _learned(history: History, found: Race, entrant: Entrant, judged: dict[str, Judged]) -> Learned:
    return replace(learned_of(history, found.answered_by(entrant)), judged=judged)


def _decided(found: Race, incumbent: Incumbent | None, history: History) -> tuple[Entrant, Entrant | None, str, str]:
    """Return who answers, who waits, why, and when that last changed."""
    best, now = found.champion, str(history.last_month)
    stands = found.named(incumbent.name) if incumbent else None
    if incumbent is None or stands is None:
        return best, None, "first training: the best that passed every gate", ""
    if stands is best:
        return best, None, "the champion won again", incumbent.changed
    if not stands.may_win or stands.rolled is None or best.rolled is None:
        return best, None, f"the champion may no longer answer: {stands.fault}", now
    since = months_between(parse_month(incumbent.changed), history.last_month) if incumbent.changed else None
    losses = (monthly_losses(rolled, JUDGED_ORIGINS) for rolled in (stands.rolled, best.rolled))
    verdict = challenged(next(losses), next(losses), since)
    if verdict.replaces and incumbent.may_lose:
        return best, None, f"the challenger took over: {verdict.reason}", now
    if verdict.replaces:
        return stands, best, f"the challenger is put forward: {verdict.reason}", incumbent.changed
    return stands, best, f"the champion stays: {verdict.reason}", incumbent.changed


class _Crew:
    """A few threads that run the field and report every part that is done."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total, self._done = report, total, 0

    def racing(self, run: Callable[[Estimator], Entrant], field: Sequence[Estimator]) -> Iterable[Entrant]:
        """Race the field."""
        return self.each(run, field, "raced")

    def each(self, work: Callable[[What], Result], items: Sequence[What], verb: str) -> list[Result]:
        """Return the results in the order of the items; the first error stops the rest."""
        with ThreadPoolExecutor(WORKERS) as pool:
            waiting = {pool.submit(work, item): item for item in items}
            try:
                for future in as_completed(waiting):
                    future.result()
                    self._done += 1
                    self._report(Progress(self._done, self._total, f"{_title(waiting[future])} {verb}"))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return [future.result() for future in waiting]


def _title(item: object) -> str:
    estimator = item.estimator if isinstance(item, Entrant) else item
    return str(getattr(estimator, "title", ""))
