"""The provider schemas: the bindings are downloaded once and read once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.deploy.tools import PYTHON, TOOLS, call

# Run by the Python of the tools, which has what they import; the doctests of the others are collected.
collect_ignore = ["call_functions.py", "stand_in.py"]

# azurerm: where the bindings come from, and their file
BINDINGS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "4.73.0": (("npm", "pack", "--silent", "@cdktn/provider-azurerm@16.1.0"), "cdktn-provider-azurerm-16.1.0.tgz"),
    "5.10.0": (
        ("pip", "download", "--quiet", "--no-deps", "cdktn-provider-azurerm==18.9.0"),
        "cdktn_provider_azurerm-18.9.0-py3-none-any.whl",
    ),
}


@pytest.fixture(scope="session", params=BINDINGS)
def schema(request: pytest.FixtureRequest) -> Path:
    """The schema of one version of the provider."""
    version: str = request.param
    made = TOOLS / f"azurerm-{version}.json"
    if not made.exists():
        command, name = BINDINGS[version]
        folder = TOOLS / "bindings"
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            fetched = call(command, folder)
            assert fetched.returncode == 0, fetched.stderr
        read = call([PYTHON, "tests/deploy/azurerm_schema.py", folder / name, made])
        assert read.returncode == 0, read.stderr
    return made
