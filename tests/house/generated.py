"""What is generated from the code: the tables of the glossary and `.env.example` (`make docs` rewrites them).

In:    the declared columns, levers and settings.
Out:   the text that `docs/glossary.md` and `.env.example` must hold.
Never: touches what people wrote between the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from forecast_core.scenario import LEVERS
from forecast_core.schema import COLUMNS, Column
from forecast_core.settings import env_example

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
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


def glossary(text: str) -> str:
    """Return the glossary `text` with its generated tables replaced."""
    for name, table in (("columns", column_table()), ("levers", lever_table())):
        start, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        text, count = re.subn(
            f"{start}.*?{end}", lambda _, block=f"{start}\n{table}\n{end}": block, text, flags=re.DOTALL
        )
        if count != 1:
            raise ValueError(f"docs/glossary.md needs exactly one block {start} … {end}")
    return text


def main() -> None:
    """Rewrite the generated files."""
    GLOSSARY.write_text(glossary(GLOSSARY.read_text(encoding="utf-8")), encoding="utf-8")
    ENV_EXAMPLE.write_text(env_example(), encoding="utf-8")


if __name__ == "__main__":
    main()
