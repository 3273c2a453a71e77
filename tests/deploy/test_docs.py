"""A dry run of the documents: every command that can run here runs, in their order and with their own variables."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from tests.builders import estate
from tests.deploy.stand_ins import AZ, install
from tests.deploy.tools import ROOT, is_here
from tests.pipeline_runs import fresh_history

DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SPAN = re.compile(r"`((?:az|terraform) [^`\n]*--[^`\n]*)`")
GUID = "11111111-1111-1111-1111-111111111111"


def blocks(text: str) -> list[str]:
    """Return the shell blocks of a document, without what indents them in a list."""
    found = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in found]


def shell(script: str, folder: Path, commands: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script that stops at the first fault and at the first variable that nobody set."""
    known = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PATH", "TMPDIR")}
    known |= {"PATH": f"{commands}:{known['PATH']}", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}
    known |= {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    return subprocess.run(
        ["bash", "-euo", "pipefail"], input=script, cwd=folder, env=known, capture_output=True, text=True, check=False
    )


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    install(tmp_path / "commands")
    return tmp_path / "commands"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The repository as somebody has it who follows the document: the deployment's files, a commit, a history."""
    folder = tmp_path / "repository"
    ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*", "terraform.tfvars")
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=ignored)
    (folder / "history.csv").write_text("month,archived_gb\n2026-10,1\n")
    for command in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "0", "--allow-empty"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.mark.skipif(not (is_here("terraform") and AZ.exists()), reason="terraform or az is not on this machine")
def test_the_deployment_document_can_be_followed_from_top_to_bottom(copied: Path, commands: Path, schema: Path) -> None:
    before = [f"SUBSCRIPTION={GUID}", f"TENANT={GUID}", "STATE=statehere"]  # what step 1 asks the reader for
    spans = [re.sub("…", "", span) for span in SPAN.findall(re.sub(r"```.*?```", "", DEPLOYMENT, flags=re.DOTALL))]
    assert len(blocks(DEPLOYMENT)) >= 7
    assert len(spans) >= 6
    done = shell("\n".join([*before, *blocks(DEPLOYMENT), *spans]), copied, commands, SCHEMA=str(schema))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert "Apply complete!" in done.stdout


WRONG = ["az group create --named x --location y", "az storage account create --sku Standard_NOPE -n a"]


@pytest.mark.skipif(not AZ.exists(), reason="az is not on this machine")
@pytest.mark.parametrize("command", WRONG)
def test_a_planted_fault_in_a_command_is_found(tmp_path: Path, commands: Path, command: str) -> None:
    assert shell(command, tmp_path, commands).returncode != 0


def steps(path: Path) -> Iterator[str]:
    """Return the commands for Azure in a workflow, with what a line continues."""
    for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
        for step in job.get("steps", ()):  # one job is another workflow
            text = re.sub(r"\\\n\s*", "", step.get("run", ""))
            yield from (line.strip() for line in text.splitlines() if line.strip().startswith("az "))


@pytest.mark.skipif(not AZ.exists(), reason="az is not on this machine")
def test_azure_understands_the_commands_of_the_workflows(tmp_path: Path, commands: Path) -> None:
    found = [line for path in WORKFLOWS for line in steps(path)]
    assert len(found) >= 7
    (tmp_path / "package.zip").write_bytes(b"")
    given = dict.fromkeys(("GROUP", "APP", "WORKSPACE", "DIGEST"), "x") | {"REGISTRY": "registry.azurecr.io"}
    done = shell("\n".join(found), tmp_path, commands, **given)
    assert done.returncode == 0, done.stderr


# ── operations ─────────────────────────────────────────────────────────────────────────────────────────────────────
# A first training has no rival and no predecessor: both refuse, and say so.
REFUSED: Mapping[str, str] = {"promote --data demo --reason y": "no challenger", "rollback ": "no earlier version"}


def spelled(line: str) -> list[str]:
    """Return a line of the document without its comment; where parts are optional, without them and with them."""
    bare = re.sub(r"\s+# .*", "", line).replace('"…"', "y").strip()
    bare = re.sub(r"\b([A-Z]+)(\|[A-Z]+)+", r"\1", bare)  # of several kinds the first
    without, within = re.sub(r"\s*\[[^]]*\]", "", bare), re.sub(r"[\[\]]", "", bare)
    return list(dict.fromkeys((without, within)))


def operations() -> list[str]:
    """Return the app's commands in the document's order."""
    lines = [line for block in blocks(OPERATIONS) for line in block.splitlines()]
    return [text for line in lines if line.startswith("archive-forecast ") for text in spelled(line)]


def go(wanted: Sequence[str], folder: Path, commands: Path, names: Mapping[str, str]) -> None:
    """Run commands one after the other, with what their capitals stand for."""
    for command in wanted:
        text = re.sub(r"\b(ID|FILE|FOLDER|version)\b(?!-)", lambda found: names[found[0]], command)
        done = shell(text, folder, commands, ARCHIVE_FORECAST_DATA_DIR=str(folder / "data"))
        said = next((said for start, said in REFUSED.items() if command.startswith(f"archive-forecast {start}")), "")
        if said and not command.endswith("version"):
            assert (done.returncode, said in done.stderr) == (1, True), text + done.stdout + done.stderr
        else:
            assert done.returncode == 0, text + done.stdout + done.stderr


def test_every_command_of_operations_does_what_it_says(tmp_path: Path, commands: Path) -> None:
    share = tmp_path / "share" / "Legal"
    share.mkdir(parents=True)
    (share / "contract.pdf").write_bytes(b"x" * 5000)
    fresh_history(tmp_path)
    rows = estate(["A", "B"], 14)
    rows.assign(month=rows["month"].dt.strftime("%Y-%m")).to_csv(tmp_path / "export.csv", index=False)
    wanted = [re.sub("/path/to/share", str(share.parent), command) for command in operations()]
    assert len(wanted) >= 20
    cut = next(index for index, command in enumerate(wanted) if " validate " in command)
    names = {"FILE": "history.csv", "FOLDER": "there", "version": "demo-v1"}
    go([*wanted[:cut], "archive-forecast ingest FILE --id-file id.txt"], tmp_path, commands, names)
    names["ID"] = (tmp_path / "id.txt").read_text()
    go(["archive-forecast train --data ID", *wanted[cut:]], tmp_path, commands, names)
    assert (tmp_path / "age-cube.csv").read_text().count("Legal")
    assert list((tmp_path / "there").glob("*/manifest.json"))
    assert list((tmp_path / "data" / "reports").glob("*.md"))


def test_the_targets_that_documents_name_are_in_the_makefile() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    named = sorted(set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", texts, flags=re.MULTILINE)))
    assert {"run", "test", "slow"} <= set(named)
    done = subprocess.run(["make", "--dry-run", *named], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
