"""What every export carries: which data, model, prices, scenario, when, and who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.text.numbers import month

if TYPE_CHECKING:
    from forecast_core import Provenance


@dataclass(frozen=True)
class Stamp:
    """The stamp of an export; `link` opens the same scenario."""

    source: Provenance
    scenario: str
    made_at: datetime
    who: str
    link: str = ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Every fact with its name."""
        source = self.source
        data = f"{source.dataset_name}{' (demo data, generated)' if source.is_demo else ''}"
        facts = [
            ("Data", data),
            ("Data to", month(source.data_to)),
            ("Model", f"{source.model_title} ({source.model_id})"),
            ("Prices", source.price_book or "none"),
            ("Scenario", self.scenario),
            ("Made", f"{self.made_at:%Y-%m-%d %H:%M} UTC"),
            ("By", self.who),
            ("Version", f"Archive Forecast {source.code_version}"),
        ]
        return [*facts, ("Link", self.link)] if self.link else facts

    @property
    def line(self) -> str:
        """Every fact in one line, for the foot of a page."""
        return " · ".join(f"{name.lower()}: {value}" if name != "Data" else value for name, value in self.rows[:7])

    def beside(self, table: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        """Return a table with the stamp in columns of its own, so that no row is ever without it."""
        length = len(next(iter(table.values()), ()))
        columns = {f"export_{name.lower().replace(' ', '_')}": [value] * length for name, value in self.rows}
        return {**table, **columns}

    def file_name(self, what: str, ending: str) -> str:
        """Return the name of a file: what comes from the demo company says so in its name."""
        demo = "demo-" if self.source.is_demo else ""
        return f"{demo}{what}-{str(self.source.data_to.astype('datetime64[M]'))}-{self.scenario}.{ending}"
