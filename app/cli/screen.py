"""Where a command writes: results to standard output, progress and errors to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from forecast_core import ForecastError

BAR = 24


class Screen:
    """Text for people, or one JSON object a line."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, values: Mapping[str, Any], text: str) -> None:
        """Write a result."""
        self._line(json.dumps(_clean(values), ensure_ascii=False) if self.as_json else text)

    def progress(self, done: int, total: int, what: str) -> None:
        """Write how far it is: a bar that redraws itself on a terminal, lines elsewhere."""
        if self.as_json:
            self._line(json.dumps({"progress": {"done": done, "total": total, "what": what}}))
            return
        full = BAR * done // total
        bar = f"[{'#' * full}{'.' * (BAR - full)}] {done}/{total}  {what}"
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{bar}" + ("\n" if done == total else ""))
        else:
            sys.stderr.write(f"{bar}\n")
        sys.stderr.flush()

    def note(self, text: str) -> None:
        """Write something that is not the result."""
        sys.stderr.write(f"{text}\n")

    def error(self, error: ForecastError) -> None:
        """Write what is wrong, what is allowed, what to do."""
        if self.as_json:
            self._line(json.dumps({"error": {"what": error.what, "allowed": error.allowed, "hint": error.hint}}))
        else:
            self.note(f"error: {error}")

    def _line(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as columns of equal width; the first column is text, the others stand to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _clean(value: Any) -> Any:
    """JSON has no NaN: what is not known is null."""
    if isinstance(value, Mapping):
        return {str(name): _clean(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return None if isinstance(value, float) and value != value else value
