"""The image: its file, its size, and the app inside it, opened in Chromium."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT, call, is_here

IMAGE = ROOT / "deploy" / "image"
CAN_BUILD = call(["docker", "version"]).returncode == 0 or all(map(is_here, ("buildah", "podman", "debootstrap")))


def test_hadolint_has_nothing_to_say() -> None:
    for path in (ROOT / "Dockerfile", ROOT / "deploy" / "azureml" / "score" / "Dockerfile"):
        found = call(["hadolint", path])
        assert found.returncode == 0, found.stdout


def test_hadolint_finds_a_planted_fault(tmp_path: Path) -> None:
    wrong = tmp_path / "Dockerfile"
    wrong.write_text((ROOT / "Dockerfile").read_text().replace("COPY requirements.txt .", "ADD requirements.txt ."))
    assert "DL3020" in call(["hadolint", wrong]).stdout


def test_compose_fits_its_schema() -> None:
    found = call(["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"])
    assert found.returncode == 0, found.stdout


@pytest.mark.skipif(not CAN_BUILD, reason="neither a Docker engine nor buildah, podman and debootstrap are here")
def test_the_image_is_small_runs_without_rights_opens_and_stops_cleanly(tmp_path: Path) -> None:
    built = call([IMAGE / "build.sh"])
    assert built.returncode == 0, built.stdout + built.stderr
    size = re.search(r"(\d+) MB", built.stdout)
    assert size is not None and int(size[1]) < 900
    picture = tmp_path / "first.png"
    tried = call([IMAGE / "run.sh", sys.executable, "-m", "tests.deploy.open_app", picture])
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "opened 4 pages" in tried.stdout
    assert picture.stat().st_size > 20_000
