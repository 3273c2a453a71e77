"""Rewrite the golden answers: `make golden`; look at the difference and name it in CHANGELOG."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from forecast_core import Service
from tests.golden.questions import FILE, TODAY, answers


def main() -> None:
    """Ask every question of a fresh service and write the answers down."""
    with tempfile.TemporaryDirectory() as folder:
        found = answers(Service(Path(folder), TODAY))
    FILE.write_text(json.dumps(rounded(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rounded(found: Any) -> Any:
    """Return the same with every number rounded to six significant digits."""
    if isinstance(found, dict):
        return {name: rounded(value) for name, value in found.items()}
    return float(f"{found:.5e}") if isinstance(found, float) else found


if __name__ == "__main__":
    main()
