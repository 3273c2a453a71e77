"""Would the commands of the deployment document work? Everything they name must exist; bash reads every block."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from app.cli.main import parser
from tests.house.test_house import ROOT

DOC = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
TERRAFORM = ROOT / "deploy" / "terraform"
BLOCKS = [re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in re.findall(r"```sh\n(.*?)```", DOC, re.DOTALL)]
SPANS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", DOC, flags=re.DOTALL))
TEXT = "\n".join((*BLOCKS, *SPANS))


def _declared(kind: str) -> set[str]:
    texts = "".join(path.read_text(encoding="utf-8") for path in TERRAFORM.glob("*.tf"))
    return set(re.findall(rf'^{kind} "(\w+)"', texts, flags=re.MULTILINE))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0][:40])
def test_the_shell_can_read_every_block(block: str) -> None:
    done = subprocess.run(["bash", "-n", "-u"], input=block, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_doc_has_blocks_and_numbered_steps_with_the_time_each_takes() -> None:
    assert len(BLOCKS) >= 6
    steps = re.findall(r"^(\d)\. \*\*.*", DOC, re.MULTILINE)
    assert steps == [str(number) for number in range(1, 10)]
    assert len(re.findall(r"^\d\. \*\*[^(]*\(\d+ min\)", DOC, re.MULTILINE)) == len(steps)


def test_every_output_and_variable_of_terraform_exists() -> None:
    outputs = set(re.findall(r"terraform output (?:-\w+ )?(\w+)", TEXT))
    assert outputs
    assert outputs <= _declared("output")
    assert set(re.findall(r"TF_VAR_(\w+)", TEXT)) <= _declared("variable")
    assert {name for name in re.findall(r"`(\w+) = ", DOC)} <= _declared("variable")


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"(?<![\w/.])((?:deploy|docs|\.github)/[\w./-]*\w)", TEXT + DOC))
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_command_of_the_app_can_be_read() -> None:
    commands = [text for text in TEXT.splitlines() if text.startswith("archive-forecast ")]
    assert commands
    for command in commands:
        parser().parse_args(shlex.split(command)[1:])


def test_the_alarms_of_terraform_are_the_alarms_of_the_doc() -> None:
    block = re.search(r"^  alerts = \{\n(.*?)^  \}", (TERRAFORM / "watch.tf").read_text(), re.MULTILINE | re.DOTALL)
    assert block is not None
    made = re.findall(r"^    ([\w-]+) = \{", block[1], re.MULTILINE)
    told = re.findall(r"^\| `([\w-]+)` \|", DOC.split("## Alarms")[1].split("## ")[0], re.MULTILINE)
    assert told == made


def test_the_workflows_that_are_named_exist() -> None:
    titles = {yaml.safe_load(path.read_text())["name"] for path in (ROOT / ".github" / "workflows").glob("*.yml")}
    assert set(re.findall(r"workflows? \*(\w+)\*", DOC)) <= titles


def test_files_are_given_to_the_command_that_takes_them() -> None:
    for kind, file in re.findall(r"az ml (\w+) create --file (\S+)", TEXT):
        schema = yaml.safe_load(Path(ROOT / file).read_text())["$schema"]
        wanted = {"job": "pipelineJob", "datastore": "azureBlob"}.get(kind, kind)
        assert schema.endswith(f"/{wanted}.schema.json"), file
