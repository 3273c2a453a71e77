"""The exports of file lists that are known, each declared once in `formats.yaml`.

In:    headers or lines of a file.
Out:   the `Format` they are of, and by role the header to read it from.
Never: reads a file of the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from forecast_core.schema import FILE_COLUMNS, NEEDED_OF_FILES, plain

GENERIC = "generic"


@dataclass(frozen=True)
class Format:
    """One export; see `formats.yaml` for what each field means."""

    name: str
    title: str
    signature: tuple[str, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    pattern: str = ""
    banner: str = ""
    order: tuple[str, ...] = ()
    folders: Mapping[str, Any] = field(default_factory=dict)
    scopes: int = 0
    unique: bool = False
    url_encoded: bool = False
    zone: str = "UTC"

    @property
    def folder_words(self) -> tuple[str, ...]:
        """Return the words that mark a folder, in lower case."""
        return tuple(str(word).lower() for word in self.folders.get("words", ()))


@dataclass(frozen=True)
class Match:
    """A format found in a table: `roles` is the header of each role."""

    form: Format
    roles: Mapping[str, str]


ANY_LIST = Format(
    GENERIC,
    "file list",
    columns={column.name: [column.name, *column.aliases] for column in FILE_COLUMNS},
)


@cache
def formats() -> tuple[Format, ...]:
    """Return every declared format."""
    found: list[dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("formats.yaml").read_text("utf-8"))
    return tuple(Format(**{name: _frozen(value) for name, value in entry.items()}) for entry in found)


def match(headers: Sequence[str]) -> Match | None:
    """Return the format that these headers are of: the one with the longest signature, else any list of files.

    >>> match(("Path", "Size", "Modified")).form.name, match(("scope", "month"))
    ('generic', None)
    """
    by_plain = {plain(header): header for header in reversed(headers) if plain(header)}
    fitting = [form for form in formats() if form.signature and set(map(plain, form.signature)) <= set(by_plain)]
    best = max(fitting, key=lambda form: len(form.signature), default=ANY_LIST)
    roles = _roles(best, by_plain)
    return Match(best, roles) if set(NEEDED_OF_FILES) <= set(roles) else None


def match_banner(line: str, headers: Sequence[str]) -> Match | None:
    """Return the format whose banner this line is; its columns are told by their place."""
    form = next((form for form in formats() if form.banner and line.startswith(form.banner)), None)
    if form is None or len(headers) < len(form.order):
        return None
    return Match(form, {role: header for role, header in zip(form.order, headers, strict=False) if role})


def match_lines(lines: Iterable[str]) -> Format | None:
    """Return the format without headers that all these lines are of."""
    found = list(lines)
    return next((form for form in formats() if form.pattern and found and _all_fit(form.pattern, found)), None)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _all_fit(pattern: str, lines: Iterable[str]) -> bool:
    return all(re.fullmatch(pattern, line) for line in lines)


def _roles(form: Format, by_plain: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for role, named in form.columns.items():
        wanted = [named] if isinstance(named, str) else list(named)
        header = next((by_plain[plain(name)] for name in wanted if plain(name) in by_plain), None)
        if header is not None:
            found[role] = header
    return found
