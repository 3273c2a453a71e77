"""Terraform, with the real terraform and the schema of azurerm 4 and 5 in place of Azure."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.tools import PYTHON, ROOT, call, is_here

DEPLOY = ROOT / "deploy" / "terraform"
STAND_IN = ROOT / "tests" / "deploy" / "stand_in.py"
EXAMPLE = DEPLOY / "terraform.tfvars.example"
SECRETS = {"TF_VAR_session_secret": "x" * 48, "TF_VAR_database_password": "y" * 44}

pytestmark = pytest.mark.skipif(not is_here("terraform"), reason="terraform is not on this machine")


class Terraform:
    """A copy of the folder, initialised against one version of the provider."""

    def __init__(self, folder: Path, schema: Path) -> None:
        self.folder, self._schema = folder, schema
        ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*", "terraform.tfvars")
        shutil.copytree(DEPLOY, folder, dirs_exist_ok=True, ignore=ignored)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [PYTHON, STAND_IN, self._schema, "--", "terraform", *arguments]
        return call(command, self.folder, **SECRETS)


@pytest.fixture
def terraform(schema: Path, tmp_path: Path) -> Terraform:
    made = Terraform(tmp_path / "terraform", schema)
    begun = made("init", "-backend=false", "-input=false")
    assert begun.returncode == 0, begun.stderr
    return made


def test_is_laid_out_as_terraform_wants() -> None:
    assert call(["terraform", "fmt", "-check", "-recursive", "-diff", DEPLOY]).stdout == ""


def test_is_valid(terraform: Terraform) -> None:
    done = terraform("validate", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_own_tests_pass(terraform: Terraform) -> None:
    done = terraform("test", "-no-color")
    assert re.search(r"^Success! (\d+) passed, 0 failed", done.stdout, re.MULTILINE), done.stdout + done.stderr


def test_the_example_plans_and_leaves_nothing_outside_its_group(terraform: Terraform) -> None:
    (terraform.folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    assert terraform("init", "-reconfigure", "-input=false").returncode == 0
    planned = terraform("plan", "-input=false", "-no-color", f"-var-file={EXAMPLE}", "-out=plan.bin")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    plan = json.loads(terraform("show", "-json", "plan.bin").stdout)
    made = [item for item in plan["resource_changes"] if item["change"]["actions"] == ["create"]]
    assert len(made) == len(plan["resource_changes"]) > 50
    groups = {item["change"]["after"].get("resource_group_name") for item in made} - {None}
    assert groups == {"rg-afcast-prod"}, "destroying the group destroys everything"


# file, what stands there, what is planted, what terraform says of it
FAULTS = [
    ("web.tf", "  https_only ", "  https_onli ", "Did you mean"),
    ("storage.tf", '  account_tier                    = "Standard"\n', "", 'argument "account_tier" is required'),
    ("database.tf", "storage_mb                    = 32768", 'storage_mb = "big"', "a number is required"),
    ("outputs.tf", ".default_hostname", ".host", "unsupported attribute"),
    (
        "identities.tf",
        "azurerm_container_registry.main.id",
        "azurerm_container_registry.none.id",
        "Reference to undeclared",
    ),
]


@pytest.mark.parametrize(("file", "there", "planted", "said"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found(terraform: Terraform, file: str, there: str, planted: str, said: str) -> None:
    path = terraform.folder / file
    text = path.read_text()
    assert there in text
    path.write_text(text.replace(there, planted, 1))
    done = terraform("validate", "-no-color")
    assert done.returncode == 1
    assert said.lower() in re.sub(r"\s+", " ", done.stderr + done.stdout).lower()


def test_checkov_finds_nothing_but_what_was_reviewed() -> None:
    done = call(["checkov", "--config-file", DEPLOY / ".checkov.yaml", "--directory", DEPLOY, "--output", "json"])
    found = json.loads(done.stdout)
    failed = {(item["check_id"], item["resource"]) for item in found["results"]["failed_checks"]}
    assert failed == set()
    assert found["summary"]["passed"] >= 50
    assert found["summary"]["parsing_errors"] == 0
