"""The scenario as a link: short, complete, and the same for ever.

In:    a `Scenario`, or the query of a URL.
Out:   the other.
Never: leaves out a lever because it stands at its default; drops or bends a value it does not like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from forecast_core.errors import LeverError, LeverFault, ScenarioError
from forecast_core.scenario.levers import BY_CODE, BY_NAME, MIX, Lever
from forecast_core.scenario.ranges import Ranges
from forecast_core.scenario.scenario import Scenario, bounds_text, checked, value_text

VERSION = "1"
# `money` carries the terms of the Money page, see `money.terms`; `out` what a rule leaves out; `s` the kept scenario
# and version that the link was made from.
FRAME = ("v", "d", "scope", "out", "money", "s")
OUT_MARK = "|"
SHARES = frozenset(lever.name for lever in MIX)
_NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,9})?$")
_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


def to_query(scenario: Scenario) -> dict[str, str]:
    """Return the query parameters of a link: version, data set, scope, every lever."""
    levers = {BY_NAME[name].code: lever_text(BY_NAME[name], value) for name, value in scenario.values.items()}
    out = {"out": OUT_MARK.join(scenario.left_out)} if scenario.left_out else {}
    return {"v": VERSION, "d": scenario.dataset_id, "scope": scenario.scope, **levers, **out}


def _left_out(query: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(query["out"].split(OUT_MARK)) if query.get("out") else ()


def lever_text(lever: Lever, value: float) -> str:
    """Return a value as a link writes it: a month as 2027-03, anything else as a plain decimal number."""
    if lever.unit == "month":
        return value_text(lever, value)
    text = f"{lever.rounded(value):.{lever.digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_target(query: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return data set id and scope of a link; ScenarioError if its version is not ours."""
    if query.get("v", VERSION) != VERSION:
        raise ScenarioError(
            f"This link is of version {query['v'][:20]!r}.", allowed=f"version {VERSION}", hint="Ask for a new link."
        )
    return query.get("d"), query.get("scope")


def from_query(query: Mapping[str, str], known: Ranges) -> Scenario:
    """Return the scenario of a link; a lever it does not name stands at today's value.

    LeverError lists everything that is unknown, unreadable or out of bounds.
    """
    read_target(query)
    values, faults = known.baseline_values(), []
    for code, text in query.items():
        if code in FRAME:
            continue
        lever = BY_CODE.get(code)
        if lever is None:
            what = f"The link names a lever {code[:40]!r} that does not exist."
            faults.append(LeverFault(code[:40], what, ", ".join(BY_CODE)))
            continue
        value = _read(lever, text)
        if value is None:
            faults.append(_unreadable(lever, text, known))
        else:
            values[lever.name] = value
    scenario = Scenario(known.dataset_id, known.scope, values, left_out=_left_out(query))
    return _all_checked(scenario, known, faults, "The other levers of the link are kept.")


def named_values(scenario: Scenario) -> dict[str, float | str]:
    """Return the levers by name as `from_values` reads them: numbers, a month as `2027-03`."""
    return {
        name: lever_text(BY_NAME[name], value) if BY_NAME[name].unit == "month" else value
        for name, value in scenario.values.items()
    }


def from_values(
    values: Mapping[str, float | str], known: Ranges, name: str = "", left_out: Sequence[str] = ()
) -> Scenario:
    """Return the scenario of levers by name, a month as `2027-03`; one that is not named stands at today's value.

    LeverError lists everything that is unknown, unreadable or out of bounds.
    """
    found, faults = known.baseline_values(), []
    for key, given in values.items():
        lever = BY_NAME.get(key)
        if lever is None:
            close = get_close_matches(key, BY_NAME, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            faults.append(LeverFault(key[:40], f"There is no lever {key[:40]!r}.{meant}", ", ".join(BY_NAME)))
            continue
        value = _read(lever, given) if isinstance(given, str) else float(given)
        if value is None:
            faults.append(_unreadable(lever, str(given), known))
        else:
            found[lever.name] = value
    scenario = Scenario(known.dataset_id, known.scope, found, name, tuple(left_out))
    return _all_checked(scenario, known, faults, "Nothing was answered.")


def _all_checked(scenario: Scenario, known: Ranges, faults: list[LeverFault], hint: str) -> Scenario:
    try:
        checked(scenario, known)
    except LeverError as error:
        faults += error.faults
    if faults:
        raise LeverError(*faults, hint=hint)
    return scenario


def _read(lever: Lever, text: str) -> float | None:
    if lever.unit == "month":
        found = _MONTH.match(text)
        return (int(found[1]) - 1970) * 12 + int(found[2]) - 1 if found else None
    return float(text) if _NUMBER.match(text) else None


def _unreadable(lever: Lever, text: str, known: Ranges) -> LeverFault:
    item = known.by_name(lever.name)
    allowed = bounds_text(item) if item.available else "leave it out"
    return LeverFault(lever.name, f"{lever.title} is {text[:40]!r}.", allowed, text[:40])


def readable_part(query: Mapping[str, str], known: Ranges, faults: tuple[LeverFault, ...]) -> Scenario:
    """Return the scenario of a faulty link with every faulty lever at today's value; shares stand or fall together."""
    bad = {fault.lever for fault in faults}
    if bad & SHARES:
        bad |= SHARES
    values = known.baseline_values()
    for code, text in query.items():
        lever = BY_CODE.get(code)
        value = _read(lever, text) if lever else None
        if lever and value is not None and lever.name in values and lever.name not in bad:
            values[lever.name] = value
    left_out = tuple(part for part in _left_out(query) if part in known.parts)
    return Scenario(known.dataset_id, known.scope, values, left_out=left_out)
