"""Errors say what is wrong, what is allowed and what to do."""

from __future__ import annotations

import pytest

from forecast_core import errors
from forecast_core.errors import (
    FieldFault,
    ForecastError,
    LeverError,
    LeverFault,
    NotFoundError,
    RowsError,
    TooShortError,
)

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ForecastError)]


def test_three_parts_in_one_sentence() -> None:
    error = ForecastError("The horizon is 70.", allowed="1 to 60", hint="Move it back.")
    assert str(error) == "The horizon is 70. Allowed: 1 to 60. Move it back."
    assert str(ForecastError("Only this.")) == "Only this."


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in (LeverError, RowsError)], ids=lambda kind: kind.__name__
)
def test_every_error_has_a_place_in_the_tree_and_a_status(kind: type[ForecastError]) -> None:
    error = kind("what", allowed="this", hint="do that")
    assert (error.what, error.allowed, error.hint) == ("what", "this", "do that")
    assert 400 <= kind.status < 600
    assert kind.__name__ in (errors.__doc__ or "")


def test_status_says_whose_fault_it_is() -> None:
    assert (NotFoundError.status, TooShortError.status, errors.SettingsError.status) == (404, 409, 500)


def test_all_faults_of_levers_at_once() -> None:
    error = LeverError(LeverFault("a", "a is 9.", "0 to 1"), LeverFault("b", "b is -1.", "0 to 5"), hint="Fix both.")
    assert [fault.lever for fault in error.faults] == ["a", "b"]
    assert str(error) == "a is 9. b is -1. Allowed: a: 0 to 1; b: 0 to 5. Fix both."


def test_all_faults_of_rows_at_once() -> None:
    error = RowsError(FieldFault(0, "month", "x", "a month"), FieldFault(2, "pct_pdf", "2", "0 to 1"))
    assert str(error) == "Row 1: month is x. And 1 more. Allowed: a month." and len(error.faults) == 2
