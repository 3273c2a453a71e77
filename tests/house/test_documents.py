"""Do the documents say what the code says?"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from forecast_core.settings import Settings, env_example
from tests.house import generated
from tests.house.test_house import ROOT, TOP

README = ROOT / "README.md"
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"],
}


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("path", [README, *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name)
def test_a_document_is_short_and_its_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (150 if path == README else 250)
    commands = re.findall(r"(?:^|`)(?:[A-Z]+=\S+ )?make ([a-z0-9-]+)", text, flags=re.MULTILINE)
    assert set(commands) <= TARGETS


def test_readme_starts_in_two_commands_and_names_every_room() -> None:
    text = README.read_text(encoding="utf-8")
    assert "make run" in text
    assert "make test" in text
    assert [folder for folder in TOP if f"`{folder}/`" not in text] == []


def test_every_command_of_the_menu_is_explained() -> None:
    menu = (ROOT / "Makefile").read_text()
    for target in ("run", "test", "check", "unit", "e2e", "bench", "golden", "docs", "lock", "clean"):
        assert re.search(rf"^{target}:.*## \S", menu, flags=re.MULTILINE), target


def test_glossary_holds_every_column_and_lever() -> None:
    text = generated.GLOSSARY.read_text(encoding="utf-8")
    assert text == generated.glossary(text), "run make docs"


def test_money_holds_every_offer_with_its_source() -> None:
    text = generated.MONEY.read_text(encoding="utf-8")
    assert text == generated.money(text), "run make docs"


def test_env_example_holds_every_setting() -> None:
    assert generated.ENV_EXAMPLE.read_text(encoding="utf-8") == env_example(), "run make docs"


def test_changelog_says_which_numbers_changed() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (Unreleased|\d+\.\d+\.\d+)", text, flags=re.MULTILINE)
    assert "### Numbers changed" in text


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_in_step_with_the_project(lock: str) -> None:
    pins = _pins(lock)
    wanted = [Requirement(text) for text in LOCKS[lock]]
    late = [str(item) for item in wanted if not item.specifier.contains(pins.get(item.name, "0"), prereleases=True)]
    assert late == [], "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_hashed(lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert {block.split("==")[0].partition("[")[0] for block in blocks} == set(_pins(lock)) > set()
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_tests_run_on_what_is_shipped() -> None:
    shipped, tested = _pins("requirements.txt"), _pins("requirements-dev.txt")
    assert {name: tested.get(name) for name in shipped} == shipped


def test_server_and_settings_agree_on_the_largest_upload() -> None:
    assert _server()["server"]["maxUploadSize"] == Settings().max_upload_mb


def _server() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("ink", ["primaryColor", "textColor", "linkColor"])
def test_words_can_be_read_in_both_themes(mode: str, ground: str, ink: str) -> None:
    theme = _server()["theme"][mode]
    assert isinstance(theme, dict)
    assert _contrast(theme[ink], theme[ground]) >= 4.5
