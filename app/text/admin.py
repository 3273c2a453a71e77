"""Words and tables of the Admin page.

In:    accounts, keys, entries of the audit.
Out:   sentences; columns of text.
Never: shows what an account or key is checked against.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.text.numbers import count

if TYPE_CHECKING:
    from forecast_core import Account, ApiKey, Checked, Entry

Table = dict[str, list[str]]
HOUSE = "the house"
ABOUT = "Whatever changes something is written down with who, when and from where, each act chained to the one before."
ANCHOR = "Keep this line elsewhere: it shows later whether the end was cut off, or all of it was written anew."
SILENT = frozenset({"edition", "key"})


def headline(accounts: Sequence[Account], keys: Sequence[ApiKey], chain: Checked, now: datetime) -> str:
    """Return the sentence of the page."""
    people = sum(each.ended_at is None for each in accounts)
    programs = sum(each.ended_at is None and each.ends_at > now for each in keys)
    told = (
        f"{_many(chain.length, 'act is', 'acts are')} written down, and the chain is whole."
        if chain.broken is None
        else f"the record was changed: it is broken at act {count(chain.broken)} of {count(chain.length)}."
    )
    return f"{_many(people, 'account', 'accounts')} and {_many(programs, 'key', 'keys')} are open; {told}"


def accounts(found: Sequence[Account]) -> Table:
    """Return the accounts."""
    return {
        "Name": [each.name for each in found],
        "Role": [each.role for each in found],
        "Sees": [each.tenant or HOUSE for each in found],
        "Made": [f"{_day(each.made_at)} by {each.made_by}" for each in found],
        "State": [f"ended {_day(each.ended_at)}" if each.ended_at else "open" for each in found],
    }


def keys(found: Sequence[ApiKey], now: datetime) -> Table:
    """Return the keys."""
    return {
        "Key": [f"fk_{each.id}_…" for each in found],
        "For": [each.title for each in found],
        "Role": [each.role for each in found],
        "Sees": [each.tenant or HOUSE for each in found],
        "Made": [f"{_day(each.made_at)} by {each.made_by}" for each in found],
        "Last used": [_day(each.used_at) if each.used_at else "never" for each in found],
        "State": [_state(each, now) for each in found],
    }


def _state(key: ApiKey, now: datetime) -> str:
    if key.ended_at is not None:
        return f"ended {_day(key.ended_at)}"
    return f"open until {_day(key.ends_at)}" if key.ends_at > now else f"ran out {_day(key.ends_at)}"


def entries(found: Sequence[Entry]) -> Table:
    """Return acts as people read them."""
    return {
        "No.": [str(each.number) for each in found],
        "When, UTC": [f"{each.act.at:%Y-%m-%d %H:%M:%S}" for each in found],
        "Who": [f"{each.act.who} ({each.act.role})" for each in found],
        "From": [each.act.place for each in found],
        "Did": [each.act.act for each in found],
        "To": [each.act.what or str(each.act.after.get("key", "")) for each in found],
        "Change": [_change(each.act.before, each.act.after) for each in found],
    }


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return what changed; of what stayed, nothing."""
    parts = [
        f"{name.replace('_', ' ')}: {_shown(before[name])} → {_shown(value)}" if name in before else
        f"{name.replace('_', ' ')}: {_shown(value)}"
        for name, value in after.items()
        if before.get(name, ...) != value and value not in ("", None, False) and name not in SILENT
    ]  # fmt: skip
    return "; ".join(parts)


def whole(found: Sequence[Entry]) -> Table:
    """Return every column of every act, as it is recalculated."""
    acts = [each.act for each in found]
    return {
        "number": [str(each.number) for each in found],
        "at": [act.at.isoformat() for act in acts],
        **{
            name: [str(getattr(act, name)) for act in acts]
            for name in ("who", "role", "tenant", "place", "act", "what")
        },
        "before": [json.dumps(dict(act.before), sort_keys=True, default=str) for act in acts],
        "after": [json.dumps(dict(act.after), sort_keys=True, default=str) for act in acts],
        "request_id": [act.request_id for act in acts],
        "sha256": [each.sha256 for each in found],
    }


def _shown(value: Any) -> str:
    return (
        {True: "yes", False: "no", "": "none"}.get(value, str(value)) if isinstance(value, bool | str) else str(value)
    )


def _many(number: int, one: str, more: str) -> str:
    return f"{count(number)} {one if number == 1 else more}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
