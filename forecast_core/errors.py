"""Every error this product raises on purpose.

    ForecastError
    ├── DataError            the input is wrong or late
    │   ├── RowsError        rows of a question that cannot be asked
    │   ├── SchemaError      a column, type, bound or key is not as declared
    │   ├── SourceError      a file or address cannot be read
    │   └── NotFoundError    a data set, scope or page that does not exist
    ├── ModelError           no usable model
    │   └── TooShortError    not enough closed months to learn from
    ├── RegistryError        MLflow cannot be reached or refuses
    ├── ScenarioError        the question is wrong
    │   └── LeverError       a lever is unknown, or its value is out of bounds
    ├── PriceError           no price where one is needed
    ├── StoreError           the database is away, full, locked, read-only or damaged
    │   └── ConflictError    somebody else saved in the meantime
    └── SettingsError        an environment variable is unknown or wrong

Each says what is wrong, what is allowed, and what to do next (`hint`); `status` is what an HTTP door answers.
"""

from __future__ import annotations

from dataclasses import dataclass


class ForecastError(Exception):
    """What every door of the product catches and shows; never raised itself."""

    status = 400

    def __init__(self, what: str, *, allowed: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed
        self.hint = hint

    def __str__(self) -> str:
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.what}{allowed}{hint}"


class DataError(ForecastError):
    """The input is wrong or late."""

    status = 422


class SchemaError(DataError):
    """A column, type, bound or key is not as declared."""


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with one field of one row: its value and the rule it breaks."""

    row: int
    field: str
    value: str
    rule: str


class RowsError(DataError):
    """Rows of a question that cannot be asked; `faults` has one entry each, all at once."""

    def __init__(self, *faults: FieldFault) -> None:
        self.faults = faults
        first, more = faults[0], len(faults) - 1
        what = f"Row {first.row + 1}: {first.field} is {first.value}." + (f" And {more} more." if more else "")
        super().__init__(what, allowed=first.rule)


class SourceError(DataError):
    """A file or address cannot be read."""


class NotFoundError(DataError):
    """Something was asked for by name and is not there."""

    status = 404


class ModelError(ForecastError):
    """There is no usable model for the question."""

    status = 409


class TooShortError(ModelError):
    """Not enough closed months to learn from."""


class RegistryError(ForecastError):
    """The record of trainings cannot be reached or refuses; what is published does not depend on it."""

    status = 503


class ScenarioError(ForecastError):
    """The question is wrong."""

    status = 422


@dataclass(frozen=True)
class LeverFault:
    """What is wrong with one lever: shown beside it; `value` is what was asked, as it was written."""

    lever: str
    what: str
    allowed: str
    value: str = ""


class LeverError(ScenarioError):
    """One lever or more is unknown or out of bounds; `faults` has one entry each, all at once."""

    def __init__(self, *faults: LeverFault, hint: str = "") -> None:
        self.faults = faults
        allowed = "; ".join(f"{fault.lever}: {fault.allowed}" for fault in faults)
        super().__init__(" ".join(fault.what for fault in faults), allowed=allowed, hint=hint)


class PriceError(ForecastError):
    """A price is needed and not known; unknown is never zero. `lacking` is the offer and item that could be entered."""

    status = 422

    def __init__(self, what: str, *, allowed: str = "", hint: str = "", lacking: tuple[str, str] | None = None) -> None:
        super().__init__(what, allowed=allowed, hint=hint)
        self.lacking = lacking


class StoreError(ForecastError):
    """The database of what people keep cannot be reached or refuses; nothing was saved, every answer still works."""

    status = 503


class ConflictError(StoreError):
    """Somebody else changed the same thing since it was opened; nothing was overwritten."""

    status = 409


class SettingsError(ForecastError):
    """An environment variable is unknown or holds a value that is not allowed."""

    status = 500
