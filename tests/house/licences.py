"""The licence of everything that is shipped, by its own metadata; `python -m tests.house.licences` writes the list."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "licences.md"
HEAD = """# Licences of what is shipped

Made by `python -m tests.house.licences` from `requirements.txt` and, for the Functions app,
`deploy/functions/requirements.txt`. Only these families pass the test: MIT, BSD, Apache,
PSF, ISC, HPND, Unlicense, and for whole libraries that are used unchanged MPL and LGPL.

| package | licence |
|---|---|
"""
FAMILIES = (
    "MIT",
    "BSD",
    "Apache",
    "PSF",
    "Python",
    "ISC",
    "HPND",
    "MPL",
    "Mozilla",
    "LGPL",
    "Unlicense",
    "0BSD",
    "CNRI",
    "Zlib",
)


def shipped() -> list[str]:
    """Return the names in the locks."""
    locks = (ROOT / "requirements.txt", ROOT / "deploy" / "functions" / "requirements.txt")
    names = (name for lock in locks for name in re.findall(r"^([a-z0-9._-]+)==", lock.read_text(), flags=re.MULTILINE))
    return sorted(set(names))


def licence_of(name: str) -> str:
    """Return the licence of an installed package in one line, "" if it is not installed here."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ""
    about = found.metadata
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    told = about.get("License-Expression") or ", ".join(name for name in classified if name != "OSI Approved")
    return told or (about.get("License") or _first_line(found) or "unknown").strip().splitlines()[0][:60]


def _first_line(found: Distribution) -> str:
    files = [path for path in found.files or [] if "licen" in path.name.lower()]
    lines = files[0].read_text().strip().splitlines() if files else []
    return lines[0].strip() if lines else ""


def text() -> str:
    """Return the list."""
    rows = ((name, licence_of(name)) for name in shipped())
    return HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in rows if licence)


if __name__ == "__main__":
    LIST.write_text(text(), encoding="utf-8")
