"""The price books that ship with the product, and price lists as a user has them.

In:    the package's own YAML files; bytes of a JSON or CSV price list.
Out:   parsed entries, as read.
Never: knows what an entry means; that is checked by `money`.
"""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from typing import Any

import yaml

from forecast_core.errors import SourceError

Entry = dict[str, Any]


def read_price_books() -> list[Entry]:
    """Return every shipped book file, parsed, ordered by name."""
    folder = files("forecast_core.money").joinpath("prices")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name)
    return [dict(yaml.safe_load(item.read_text(encoding="utf-8"))) for item in found]


def read_price_list(name: str, data: bytes) -> list[Entry]:
    """Return the rows of a price list: one page of the Azure Retail Prices API, several, or a CSV with a header.

    Each row of a page carries `_more` where the page names a next one that is not in the file.
    """
    text = _decoded(name, data)
    if text.lstrip().startswith(("{", "[")):
        return _pages(name, text)
    return [dict(row) for row in csv.DictReader(io.StringIO(text), dialect=_dialect(text))]


def _decoded(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{name} is not text.", allowed="JSON or CSV")


def _dialect(text: str) -> type[csv.Dialect]:
    class Found(csv.excel):
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)

    return Found


def _pages(name: str, text: str) -> list[Entry]:
    """Return the items of every page; a file may hold one page, several, a list of items, or a page per line."""
    try:
        values = [json.loads(text)]
    except ValueError:
        values = _page_per_line(name, text)
    pages = [page for value in values for page in (value if isinstance(value, list) else [value])]
    if not all(isinstance(page, dict) for page in pages):
        raise SourceError(f"{name} holds no price rows.", allowed='pages with "Items", or a list of rows')
    rows: list[Entry] = []
    for page in pages:
        rows += page.get("Items", [page])
    last = pages[-1] if pages else {}
    if rows and last.get("NextPageLink"):
        rows[-1] = {**rows[-1], "_more": last["NextPageLink"]}
    return rows


def _page_per_line(name: str, text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise SourceError(f"{name} is not JSON: {error}.", hint="Save the pages of the API as they came.") from error
