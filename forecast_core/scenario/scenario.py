"""A what-if: a scope of a data set and a value for every lever.

In:    `Ranges` and values.
Out:   `Scenario`, checked; the mix rescaled when one share moves.
Never: holds a default that could change later: every available lever has its value.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from forecast_core.errors import LeverError, LeverFault
from forecast_core.inventory import NO_RULE_MONTHS
from forecast_core.scenario.levers import BY_NAME, HORIZON, MIX, START, Lever
from forecast_core.scenario.ranges import LeverRange, Ranges

_SIZES = ("bytes", "KB", "MB", "GB", "TB", "PB", "EB")
TIME = (START.name, HORIZON.name)
LEFT_OUT = "left_out"
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Scenario:
    """`values` by lever name, in the lever's inner unit; the name is for people and not part of the identity.

    `left_out` is what a rule leaves on primary, sorted: file types and scopes as `type:pdf`, `scope:Legal`.
    """

    dataset_id: str
    scope: str
    values: Mapping[str, float]
    name: str = ""
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Round every value as its lever says, so that equal means equal."""
        rounded = {name: BY_NAME[name].rounded(value) for name, value in self.values.items()}
        object.__setattr__(self, "values", MappingProxyType(rounded))
        object.__setattr__(self, "left_out", tuple(sorted(set(self.left_out))))

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits of the content without the name."""
        values = dict(sorted(self.values.items()))
        content: dict[str, object] = {"dataset": self.dataset_id, "scope": self.scope, "values": values}
        if self.left_out:
            content["left_out"] = list(self.left_out)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]

    def with_values(self, **changes: float) -> Scenario:
        """Return the scenario with some levers moved; KeyError for an unknown lever."""
        return replace(self, values={**self.values, **{BY_NAME[name].name: value for name, value in changes.items()}})

    def back_to(self, other: Scenario, names: Iterable[str]) -> Scenario:
        """Return the scenario with some of what moved as it is in the other one."""
        back = set(names)
        values = {name: other.values[name] if name in back else value for name, value in self.values.items()}
        return replace(self, values=values, left_out=other.left_out if LEFT_OUT in back else self.left_out)

    def moved(self, baseline: Scenario) -> tuple[str, ...]:
        """Return the levers that differ from the baseline, in declared order; time by itself moves nothing."""
        here, there = self.values, baseline.values
        moved = tuple(name for name in BY_NAME if name in here and name not in TIME and here[name] != there[name])
        return moved if self.left_out == baseline.left_out else (*moved, LEFT_OUT)


def baseline(known: Ranges) -> Scenario:
    """Return the scenario that changes nothing."""
    return Scenario(known.dataset_id, known.scope, known.baseline_values(), "Baseline")


def checked(scenario: Scenario, known: Ranges) -> Scenario:
    """Return the scenario; LeverError lists every lever that is unknown, missing or out of bounds."""
    available = {item.lever.name: item for item in known.available()}
    faults = [_unknown(name, known) for name in scenario.values if name not in available]
    faults += [
        LeverFault(name, f"{item.lever.title} has no value.", bounds_text(item))
        for name, item in available.items()
        if name not in scenario.values
    ]
    faults += [
        fault
        for name, item in available.items()
        if name in scenario.values and (fault := _out_of_bounds(item, scenario.values[name]))
    ]
    faults += _mix_faults(scenario.values)
    faults += [
        LeverFault(
            LEFT_OUT, f"There is nothing called {part[:60]!r} to leave out.", ", ".join(known.parts) or "nothing"
        )
        for part in scenario.left_out
        if part not in known.parts
    ]
    if faults:
        raise LeverError(*faults, hint="Move the lever back inside its bounds.")
    return scenario


def checked_value(item: LeverRange, value: float) -> float:
    """Return the value of one lever; LeverError if it is out of bounds."""
    fault = _out_of_bounds(item, value)
    if fault:
        raise LeverError(fault, hint="Move the lever back inside its bounds.")
    return value


def _unknown(name: str, known: Ranges) -> LeverFault:
    reason = next((item.reason for item in known.levers if item.lever.name == name), "There is no such lever.")
    return LeverFault(name, f"{name} cannot be moved here: {reason}", "leave it out")


def _out_of_bounds(item: LeverRange, value: float) -> LeverFault | None:
    if math.isfinite(value) and item.lower - TOLERANCE <= value <= item.upper + TOLERANCE:
        return None
    written = value_text(item.lever, value)
    return LeverFault(item.lever.name, f"{item.lever.title} is {written}.", bounds_text(item), written)


def _mix_faults(values: Mapping[str, float]) -> list[LeverFault]:
    shares = [values.get(lever.name, 0.0) for lever in MIX]
    total = sum(shares)
    if total <= 1 + 1e-6 or max(shares) > 1:  # a share that is out of bounds by itself is named already
        return []
    return [
        LeverFault(
            MIX[0].name, f"The shares of file types add up to {total:.2%}.", "at most 100 % together", f"{total:.2%}"
        )
    ]


def bounds_text(item: LeverRange) -> str:
    """Return the bounds in the lever's own unit: `0–100 %`, `2027-03 to 2032-02`."""
    return f"{value_text(item.lever, item.lower)} to {value_text(item.lever, item.upper)}"


def value_text(lever: Lever, value: float) -> str:
    """Return a value in the lever's unit, exact: for messages and links, not for headlines."""
    if not math.isfinite(value):
        return "not a number"
    if lever.unit == "month":
        return f"{int(value) // 12 + 1970:04d}-{int(value) % 12 + 1:02d}"
    if lever.unit == "size class":
        return size_text(int(value))
    if lever.unit == "age":
        return "no rule" if value >= NO_RULE_MONTHS else f"{int(value)} months"
    if lever.unit == "percent":
        return f"{round(value * 100, max(lever.digits - 2, 0)):g} %"
    number = f"{lever.rounded(value):.{lever.digits}f}"
    return number.rstrip("0").rstrip(".") if "." in number else number


def size_text(exponent: int) -> str:
    """Return the smallest size of a size class: `128 KB`, `0 KB` for the class of empty files.

    >>> size_text(17), size_text(31), size_text(-1)
    ('128 KB', '2 GB', '0 KB')
    """
    if exponent < 0:
        return "0 KB"
    power = min(exponent // 10, len(_SIZES) - 1)
    return f"{2 ** (exponent - 10 * power)} {_SIZES[power]}"


def rescaled_mix(values: Mapping[str, float], moved: str, share: float) -> dict[str, float]:
    """Return the values with one share moved; the others give way in proportion where the sum would pass 1."""
    others = [lever for lever in MIX if lever.name != moved]
    rest = sum(values[lever.name] for lever in others)
    room = max(1 - share, 0.0)
    factor = min(1.0, room / rest) if rest > 0 else 1.0
    given = {lever.name: _rounded_down(lever, values[lever.name] * factor) for lever in others}
    return {**values, **(given if factor < 1 else {}), moved: share}


def _rounded_down(lever: Lever, value: float) -> float:
    """Round down, so that the sum of rounded shares cannot pass 1."""
    return math.floor(value * 10**lever.digits + TOLERANCE) / 10**lever.digits
