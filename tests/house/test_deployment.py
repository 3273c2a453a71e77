"""Do the files of the deployment say what the product says?"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from app.access.identity import ROLES
from forecast_core.settings import Settings, env_example
from forecast_core.sources.prices import read_price_books
from tests.house.test_house import ROOT

TERRAFORM = ROOT / "deploy" / "terraform"
SETTINGS = set(re.findall(r"^([A-Z_]+)=", env_example(), flags=re.MULTILINE))


def _terraform(name: str) -> str:
    return (TERRAFORM / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["web.tf", "functions.tf"])
def test_every_setting_that_terraform_makes_is_one_the_app_knows(file: str) -> None:
    made = set(re.findall(r"^\s+((?:ARCHIVE_FORECAST|MLFLOW|MODEL)_[A-Z_]+)\s*=", _terraform(file), re.MULTILINE))
    assert made
    assert made <= SETTINGS, "an unknown setting stops the start"


def test_the_round_starts_the_schedule_that_trains_what_it_finds_due() -> None:
    pipelines = ROOT / "deploy" / "azureml"
    schedule = yaml.safe_load((pipelines / "schedule.yml").read_text(encoding="utf-8"))
    assert f'/schedules/{schedule["name"]}"' in _terraform("functions.tf")
    pipeline = yaml.safe_load((pipelines / schedule["create_job"]).read_text(encoding="utf-8"))
    assert Path(pipeline["inputs"]["history"]["path"]).name == Settings().training_data


def test_azure_asks_the_port_that_the_image_opens() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    port = str(Settings().port)
    assert re.findall(r"^EXPOSE (\d+)", image, re.MULTILINE) == [port]
    assert re.findall(r'PORT\s+= "(\d+)"', _terraform("web.tf")) == [port, port]


def test_the_example_names_every_variable_that_must_be_set_and_no_secret() -> None:
    declared = dict(re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', _terraform("variables.tf"), re.MULTILINE | re.DOTALL))
    needed = {name for name, text in declared.items() if not re.search(r"^  default ", text, re.MULTILINE)}
    secret = {name for name, text in declared.items() if "sensitive   = true" in text}
    given = set(re.findall(r"^(\w+)\s+=", _terraform("terraform.tfvars.example"), re.MULTILINE))
    assert needed - secret <= given <= set(declared)
    assert not given & secret
    assert all("validation {" in text for name, text in declared.items() if name != "destroy_leaves_nothing")


def test_the_cost_of_storage_comes_from_the_price_book_and_the_sum_is_right() -> None:
    text = _terraform("README.md")
    named = re.search(r"\((\w+), .*\| ([\d.]+) \| price book: `(\w+)`", text)
    assert named is not None
    offer = next(offer for book in read_price_books() for offer in book["offers"] if offer["id"] == named[3])
    stored = next(price for price in offer["prices"] if price["item"] == "stored")
    per_gb = stored["bands"][0][1] if "bands" in stored else stored["value"]
    assert float(named[2]) == pytest.approx(10 * per_gb, abs=0.005)
    rows = re.findall(r"^\|[^*|]+\| (\d[\d.]*)(?:–(\d+))?(?: while idle)? \|", text, re.MULTILINE)
    low, high = sum(float(a) for a, _ in rows), sum(float(b or a) for a, b in rows)
    assert re.search(r"\*\*(\d+)–(\d+)\*\*", text)[0] == f"**{round(low)}–{round(high)}**"


def test_the_directory_gets_the_roles_that_the_app_knows() -> None:
    roles = json.loads((ROOT / "deploy" / "entra-roles.json").read_text(encoding="utf-8"))
    assert tuple(role["value"] for role in roles) == ROLES
    assert len({role["id"] for role in roles}) == len(roles)


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_pins_its_actions_and_asks_for_no_right_it_does_not_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (?!\./)(\S+)(.*)", text)
    pinned = [bool(re.search(r"@[0-9a-f]{40}$", action) and re.match(r" # v\d", note)) for action, note in used]
    assert used
    assert all(pinned), "an action is pinned by its SHA, with the version in a comment"
    assert yaml.safe_load(text)["permissions"] == {}
    assert "secrets." not in text, "nothing is stored: sign-in is federated"


def test_the_same_action_is_the_same_everywhere() -> None:
    used = re.findall(r"uses: (\S+?)@(\S+)", "".join(path.read_text() for path in WORKFLOWS))
    assert len(set(used)) == len({action for action, _ in used})


def test_the_workflows_read_the_variables_that_terraform_prints() -> None:
    block = re.search(r'^output "github_variables" \{\n(.*?)^\}', _terraform("outputs.tf"), re.MULTILINE | re.DOTALL)
    assert block is not None
    printed = set(re.findall(r"^    ([A-Z_]+) +=", block[1], re.MULTILINE))
    read = set(re.findall(r"vars\.(\w+)", "".join(path.read_text() for path in WORKFLOWS)))
    assert read == printed


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_check_may_fail_softly(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"continue-on-error|\|\| true|set \+e", text)


def test_the_audit_fails_where_it_could_not_look() -> None:
    audit = (ROOT / ".github" / "workflows" / "audit.yml").read_text(encoding="utf-8")
    assert "pip-audit --strict --require-hashes" in audit


def _versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[\w+\])?==([^ ]+)", (ROOT / lock).read_text(), flags=re.MULTILINE))


def test_the_functions_have_the_libraries_of_the_app_in_the_same_versions() -> None:
    functions, app = _versions("deploy/functions/requirements.txt"), _versions("requirements.txt")
    assert set(functions) - set(app) == {"azure-functions", "werkzeug"}
    assert {name: app.get(name) for name in functions if name in app} == {
        name: version for name, version in functions.items() if name in app
    }
    assert "streamlit" not in functions


PAGES_ONLY = {"httptools", "streamlit", "uvicorn", "uvloop", "websockets"}
EXPORTS_ONLY = {"contourpy", "fpdf2", "matplotlib", "python-pptx", "xlsxwriter"}


def test_the_functions_lack_only_the_server_of_the_pages_and_their_exports() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    wanted = (ROOT / "deploy" / "functions" / "requirements.in").read_text(encoding="utf-8")
    names = {re.split(r"[\[=><]", line)[0] for line in declared}
    given = set(re.findall(r"^([a-z][\w.-]*)", wanted, flags=re.MULTILINE))
    assert names - given == PAGES_ONLY | EXPORTS_ONLY
