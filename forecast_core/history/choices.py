"""What the user may overrule after looking at how a file was understood.

In:    plain values from a form, a link or a stored data set.
Out:   `Choices`, frozen, and the same as a JSON dictionary.
Never: decides anything itself; "auto" leaves the decision to the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from forecast_core.errors import SchemaError
from forecast_core.schema import COLUMNS

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "share_unit": ("auto", "percent", "fraction"),
    "date_order": ("auto", "dmy", "mdy"),
    "decimal": ("auto", ".", ","),
    "volume_unit": ("auto", "bytes", "kb", "mb", "gb", "tb"),
    "size_unit": ("auto", "bytes", "kb", "mb", "gb"),
    "frequency": ("auto", "policy", "observed"),
}


@dataclass(frozen=True)
class Choices:
    """One answer per question; `mapping` is header → canonical column, or "" for "do not use".

    `volume_unit` is the unit of the columns in GB, `size_unit` that of the average size; `stock_includes_archived`
    says that the stock still counts what was archived (None: it does not).
    """

    mapping: tuple[tuple[str, str], ...] = ()
    share_unit: str = "auto"
    date_order: str = "auto"
    decimal: str = "auto"
    volume_unit: str = "auto"
    size_unit: str = "auto"
    frequency: str = "auto"
    stock_includes_archived: bool | None = None

    def __post_init__(self) -> None:
        for name, allowed in OPTIONS.items():
            value = getattr(self, name)
            if value not in allowed:
                raise SchemaError(f"{name} is {value!r}.", allowed=", ".join(allowed), hint="Choose one of these.")
        if self.stock_includes_archived not in (None, True, False):
            raise SchemaError("stock_includes_archived is neither yes nor no.", allowed="true, false, null")
        known = {item.name for item in COLUMNS} | {""}
        for header, name in self.mapping:
            if name not in known:
                raise SchemaError(
                    f"{header!r} is mapped to {name!r}, which is no column.", allowed=", ".join(known - {""})
                )

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can carry; `from_json` reads it back."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**plain, "mapping": dict(self.mapping)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Choices:
        """Return the choices of a dictionary; SchemaError for an unknown name or value."""
        unknown = sorted(set(values) - {item.name for item in fields(cls)})
        if unknown:
            raise SchemaError(f"There is no choice {unknown[0]!r}.", allowed=", ".join(OPTIONS))
        mapping = values.get("mapping", {})
        if not isinstance(mapping, Mapping):
            raise SchemaError("mapping is not a dictionary of header → column.")
        pairs = tuple((str(header), str(name)) for header, name in mapping.items())
        return cls(**{**values, "mapping": pairs})
