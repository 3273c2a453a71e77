"""The view of one month and one scope, put together from what was found and what is kept.

In:    a `Month`, kept alarms, links, actuals, invoices, feedback.
Out:   `WatchView`.
Never: finds anything itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from forecast_core.drift.alarms import Alarm
from forecast_core.drift.background import background
from forecast_core.drift.invoice import Paid
from forecast_core.drift.loop import Due
from forecast_core.drift.track import Actual, Said
from forecast_core.drift.verdict import NO_STAKE, RANK, Colour, Finding
from forecast_core.history import ALL
from forecast_core.service.answers import Outlook
from forecast_core.service.datasets import DatasetInfo
from forecast_core.service.watch import kept
from forecast_core.service.watch.answers import Feedback, InputPath, ScopeRow, Told, WatchView
from forecast_core.service.watch.issuing import said
from forecast_core.service.watch.reading import FIRST_CHECK, Month
from forecast_core.service.watch.scoring import decided_rows, track
from forecast_core.store import ChangeRow, Delivery, Line, LinkRow


@dataclass(frozen=True, eq=False)
class Known:
    """Everything a view is put together from."""

    info: DatasetInfo
    month: Month
    alarms: tuple[Alarm, ...]
    links: tuple[LinkRow, ...]
    chain: int | None
    actuals: tuple[Actual, ...]
    paid: tuple[Paid, ...]
    changes: tuple[tuple[datetime, ChangeRow], ...]
    deliveries: tuple[Delivery, ...]
    feedback: tuple[Line, ...]
    due: Due
    outlook: Outlook
    currency: str


def view(known: Known, scope: str) -> WatchView:
    """Return the view of a scope."""
    found, info = known.month, known.info
    frozen, shown = said(known.links), _shown(found, scope)
    wrong = next((each.what for each in found.findings if each.signal == "integrity"), "")
    return WatchView(
        subject=info.name,
        dataset_id=info.id,
        scope=scope,
        month=found.month,
        months=np.arange(info.first_month + 1, info.last_month + 1),
        trained=found.trained,
        overall=found.overall,
        forecast=found.forecast,
        moved=found.moved,
        counts=found.counts,
        growth=found.growth,
        past_months=int(found.checked.past_months.max(initial=0)),
        first_check=info.first_month + FIRST_CHECK,
        findings=found.findings,
        since={each.key: found.since(each.scope, each.what) for each in found.findings},
        scopes=_rows(found, known.alarms),
        shown_scope=shown,
        paths=_paths(found, shown),
        track=track(frozen, known.actuals, scope, found.month, known.outlook.backtest),
        decided=decided_rows(known.links, known.actuals, known.paid, found.month),
        background=background(found.panel, found.trained),
        vanished=found.vanished,
        alarms=known.alarms,
        told=_told(known.changes, known.deliveries),
        open_months=_open(frozen, known.actuals, scope),
        feedback=tuple(_said(line) for line in known.feedback),
        due=known.due,
        replay=wrong,
        chain_broken=known.chain,
        chain_length=len(known.links),
        currency=known.currency,
        notes=known.outlook.notes,
        provenance=known.outlook.provenance,
    )


def _rows(found: Month, alarms: Sequence[Alarm]) -> tuple[ScopeRow, ...]:
    """Return the scopes with something open or found, those with most at risk first."""
    by_scope: dict[str, list[Finding]] = {}
    for each in found.findings:
        by_scope.setdefault(each.scope, []).append(each)
    standing = {alarm.scope: alarm for alarm in sorted(alarms, key=lambda each: each.since) if alarm.is_open}
    rows = [
        _row(scope, by_scope.get(scope, []), standing.get(scope), found)
        for scope in dict.fromkeys((*by_scope, *standing))
    ]

    def order(row: ScopeRow) -> tuple[int, float]:
        risk = row.stake.money if np.isfinite(row.stake.money) else row.stake.gb
        return -RANK[row.colour], -abs(risk)

    return tuple(sorted(rows, key=order))


def _row(scope: str, findings: Sequence[Finding], alarm: Alarm | None, found: Month) -> ScopeRow:
    colours: list[Colour] = [each.colour for each in findings] or ([alarm.colour] if alarm else ["green"])
    worst = max(colours, key=lambda colour: RANK[colour])
    stake = max((each.stake for each in findings), key=lambda each: abs(each.gb), default=NO_STAKE)
    since = alarm.since if alarm else min((found.since(each.scope, each.what) for each in findings), default=None)
    return ScopeRow(scope, worst, tuple(findings), stake, since, alarm, found.yearly_gb.get(scope, 0.0))


def _since_training(found: Month, row: int, index: int) -> bool:
    """Return whether a picture shows the path since the training: where the verdict stands on it."""
    return bool(found.checked.noticed[row, index]) and found.from_training(row, index)


def _shown(found: Month, scope: str) -> str:
    """Return whose inputs are drawn: where all scopes are asked about, those of the worst finding."""
    worst = next((each for each in found.findings if each.signal in ("inputs", "estate")), None)
    return worst.scope if scope == ALL and worst is not None else scope


def _paths(found: Month, scope: str) -> tuple[InputPath, ...]:
    """Return the path of each known input of a scope, the most surprising first."""
    panel, checked = found.panel, found.checked
    row = panel.scopes.index(scope) if scope in panel.scopes else len(panel.scopes) - 1
    expected = np.stack(
        [
            (found.path if _since_training(found, row, index) else found.steps)[:, row, index]
            for index in range(len(panel.inputs))
        ],
        axis=1,
    )
    paths = [
        InputPath(
            input=item,
            months=panel.months,
            observed=panel.raw[row, index],
            expected=expected[0][index],
            lower=expected[1][index],
            upper=expected[2][index],
            trained=found.trained if _since_training(found, row, index) else None,
            noticed=bool(checked.noticed[row, index]),
            change=float(checked.change[row, index]),
            p=float(checked.p[row, index]),
            from_training=float(checked.from_training[row, index]),
            from_last_month=float(checked.from_last_month[row, index]),
            noticeable=float(checked.noticeable[row, index]),
            noticeable_red=float(checked.noticeable_red[row, index]),
            past_months=int(checked.past_months[row]),
        )
        for index, item in enumerate(panel.inputs)
        if np.isfinite(panel.raw[row, index]).any()
    ]
    return tuple(sorted(paths, key=lambda path: (not path.noticed, path.p if np.isfinite(path.p) else 2.0)))


def _open(frozen: Sequence[Said], actuals: Sequence[Actual], scope: str) -> tuple[np.datetime64, ...]:
    """Return the months of a scope that were forecast and of which nothing is known yet."""
    come = {each.month for each in actuals if each.scope == scope}
    return tuple(sorted({each.month for each in frozen if each.scope == scope} - come))


def _told(changes: Sequence[tuple[datetime, ChangeRow]], deliveries: Sequence[Delivery]) -> tuple[Told, ...]:
    by_change: dict[str, dict[str, str]] = {}
    for each in deliveries:
        state = f"{each.state}: {each.said}" if each.said else each.state
        by_change.setdefault(each.change_id, {})[each.channel] = state
    found = []
    for at, row in changes:
        change = kept.change_of(row.body)
        found.append(Told(at, change.kind, change.alarm, by_change.get(row.id, {})))
    return tuple(reversed(found))


def _said(line: Line) -> Feedback:
    body = line.body
    return Feedback(line.at, line.by, body["scope"], body["issued"], body["verdict"], body["said"])
