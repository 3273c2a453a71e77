"""What is generated from the code: tables of glossary and money, `.env.example`, `docs/sql/` (by `make docs`).

In:    the declared columns, levers, prices and settings.
Out:   the text that `docs/glossary.md`, `docs/money.md` and `.env.example` must hold.
Never: touches what people wrote between the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from forecast_core.money import Offer, Price, PriceBook
from forecast_core.scenario import LEVERS
from forecast_core.schema import COLUMNS, Column
from forecast_core.settings import env_example
from forecast_core.sources.prices import read_price_books
from tests import sql_texts

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
MONEY = ROOT / "docs" / "money.md"
ENV_EXAMPLE = ROOT / ".env.example"


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    titles = [title.strip() for title in head.split("|")]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell or "–" for cell in line) + " |" for line in lines)


def _bounds(column: Column) -> str:
    if column.kind in ("scope", "month"):
        return ""
    lower = f"{column.lower:,.0f}"
    return f"≥ {lower}" if column.upper == float("inf") else f"{lower} … {column.upper:,.0f}"


def column_table() -> str:
    """Return one row per column of a monthly history."""
    return _table(
        "column | unit | bounds | what it is | also read under",
        (
            (
                f"`{item.name}`" + (" (needed)" if item.required else ""),
                item.unit,
                _bounds(item),
                item.meaning,
                ", ".join(item.aliases),
            )
            for item in COLUMNS
        ),
    )


def lever_table() -> str:
    """Return one row per lever."""
    rows = ((f"`{item.name}`", item.title, item.unit, item.help) for item in LEVERS)
    return _table("lever | name on screen | unit | what it does", rows)


def offer_table() -> str:
    """Return one row per offer of the shipped book: what stored data costs, and where that was read."""
    book = PriceBook.of(read_price_books())
    return _table(
        "offer | stored | unit | other prices | source | read | confidence",
        (_offer_row(offer) for offer in book.offers if "network" not in offer.roles),
    )


def _offer_row(offer: Offer) -> tuple[str, ...]:
    title = offer.title + (" (default)" if offer.default_for else "")
    stored = next((price for price in offer.prices if price.item == "stored"), None)
    if stored is None:
        return title, offer.missing or "not priced", "", "", "", "", ""
    others = [f"{price.item} {_value(price)}" for price in offer.prices if price.item != "stored"]
    value = f"{_value(stored)} {stored.currency}"
    return title, value, stored.unit, ", ".join(others), stored.source, stored.read, stored.confidence


def _value(price: Price) -> str:
    return "?" if price.unknown else f"{price.bands[0][1]:.9f}".rstrip("0").rstrip(".")


def money(text: str) -> str:
    """Return the document of money with its generated table replaced."""
    return _filled(text, ("offers", offer_table()))


def glossary(text: str) -> str:
    """Return the glossary `text` with its generated tables replaced."""
    return _filled(text, ("columns", column_table()), ("levers", lever_table()))


def _filled(text: str, *tables: tuple[str, str]) -> str:
    for name, table in tables:
        start, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        text, count = re.subn(
            f"{start}.*?{end}", lambda _, block=f"{start}\n{table}\n{end}": block, text, flags=re.DOTALL
        )
        if count != 1:
            raise ValueError(f"the document needs exactly one block {start} … {end}")
    return text


def main() -> None:
    """Rewrite the generated files."""
    for place, filled in ((GLOSSARY, glossary), (MONEY, money)):
        place.write_text(filled(place.read_text(encoding="utf-8")), encoding="utf-8")
    ENV_EXAMPLE.write_text(env_example(), encoding="utf-8")
    sql_texts.FOLDER.mkdir(exist_ok=True)
    for name, text in sql_texts.texts().items():
        (sql_texts.FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
