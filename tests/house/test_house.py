"""Is the house in order? Sizes, names, docstrings, front door, words that must not be here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import forecast_core

ROOT = Path(__file__).parents[2]
TOP = ("app", "deploy", "docs", "forecast_core", "models", "pages", "tests")
CODE = sorted(path for folder in TOP for path in (ROOT / folder).rglob("*.py"))
CORE = [path for path in CODE if path.is_relative_to(ROOT / "forecast_core")]
SHIPPED = [path for path in CODE if not path.is_relative_to(ROOT / "tests")]
CEILINGS = {"pages": 120, "app": 400, "deploy": 400, "forecast_core": 400, "tests": 400}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "stuff", "tmp"}
WRITTEN = {".tf", ".hcl", ".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".json", ".css", ".js"}
WRITTEN_NAMES = {"Makefile", "Dockerfile", "run", ".gitignore", ".dockerignore", ".env.example"}
MADE = {"__pycache__", "node_modules", ".terraform"}
HIDDEN = (".ci", ".github", ".streamlit")

# Places and words of the workshop where this was built; none may be in the product. Written so as not to find itself.
WORKSHOP = re.compile(r"/[w]ork/|/[r]oot/|/home/[w]|/opt/[p]ypi|/opt/[w]heels|\.[l]ibrary|[i]ssue #?\d", re.IGNORECASE)
REAL_DATA_PLACE = re.compile("[s]hared/")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def written_files() -> list[Path]:
    """Return every text file of the repository that people or `make` write."""
    folders = [ROOT / folder for folder in (*TOP, *HIDDEN)]
    nested = [path for folder in folders for path in folder.rglob("*") if not MADE & set(path.parts)]
    written = [path for path in (*ROOT.iterdir(), *nested) if path.suffix in WRITTEN or path.name in WRITTEN_NAMES]
    return [path for path in written if path.is_file()]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_file_stays_small(path: Path) -> None:
    ceiling = CEILINGS[path.relative_to(ROOT).parts[0]]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= ceiling


def test_no_drawer_for_leftovers() -> None:
    names = {part for path in CODE for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & FORBIDDEN_NAMES


def test_no_folder_that_would_switch_off_the_frame() -> None:
    assert not (ROOT / "app" / "pages").exists(), "Streamlit would open pages past the entry script"
    assert not any((ROOT / name).exists() for name in ("main.py", "asgi.py", "streamlit_app.py"))


def _df_spans(tree: ast.Module) -> list[int]:
    spans = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            named = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == "df"]
            named += [argument.lineno for argument in function.args.args if argument.arg == "df"]
            spans.append(max(named) - min(named) + 1 if named else 0)
    return spans


def test_df_is_no_name_outside_five_lines() -> None:
    assert _df_spans(ast.parse("def f(df):\n\n\n\n\n    return df")) == [6]
    assert [name_of(path) for path in CODE if max(_df_spans(tree_of(path)), default=0) > 5] == []


def _rooms() -> list[Path]:
    """Return the modules and packages directly inside the core; they are the picture in docs/architecture.md."""
    files = [path for path in (ROOT / "forecast_core").glob("*.py") if path.stem not in ("__init__", "errors")]
    return sorted([*files, *(ROOT / "forecast_core").glob("*/__init__.py")])


@pytest.mark.parametrize("path", _rooms(), ids=name_of)
def test_a_room_says_what_goes_in_and_out_and_what_never(path: Path) -> None:
    text = ast.get_docstring(tree_of(path)) or ""
    assert re.search(r"^In: .*^Out: .*^Never: ", text, flags=re.DOTALL | re.MULTILINE), "needs In, Out, Never"


@pytest.mark.parametrize("path", [path for path in CORE if path.name != "settings.py"], ids=name_of)
def test_the_core_never_asks_the_clock(path: Path) -> None:
    calls = [ast.unparse(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    clock = re.compile(r"""\.(now|today|utcnow|monotonic|perf_counter)\(|\btime\.time\(|datetime64\(['"](now|today)""")
    assert [call for call in calls if clock.search(call)] == []


def test_the_front_door_is_exact() -> None:
    names = forecast_core.__all__
    assert list(names) == sorted(names)
    public = {node.name for node in _imported(ROOT / "forecast_core" / "__init__.py")}
    assert set(names) == public, "what is imported at the front door is what it offers"
    assert all(hasattr(forecast_core, name) for name in names)


def _imported(path: Path) -> list[ast.alias]:
    froms = [node for node in tree_of(path).body if isinstance(node, ast.ImportFrom) and node.module != "__future__"]
    return [alias for node in froms for alias in node.names]


def test_no_button_is_white_on_light_blue() -> None:
    """Streamlit writes white on a primary button; the dark accent is too light for that (1.9:1)."""
    found = [name_of(path) for path in SHIPPED if re.search(r"""type\s*=\s*["']primary["']""", path.read_text("utf-8"))]
    assert found == []


def _files_with(pattern: re.Pattern[str]) -> list[str]:
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in written_files()}
    return [f"{name}: {match[0]}" for name, text in texts.items() if (match := pattern.search(text))]


def test_nothing_of_the_workshop_is_left() -> None:
    assert _files_with(WORKSHOP) == []
    assert _files_with(REAL_DATA_PLACE) == [".ci/run: s" + "hared/"], "only the machine of the checks knows the place"
