"""Runs an Azure Machine Learning pipeline on this machine, from the same YAML that Azure gets.

Each component's command runs as a plain process, in the order that the references ask for; a reference to something
that nothing makes stops it before anything runs.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REFERENCE = re.compile(r"\$\{\{([\w.]+)\}\}")
FOLDER = "uri_folder"


class WiringError(Exception):
    """The pipeline refers to something that is not there, or leaves out something that is needed."""


@dataclass(frozen=True)
class Step:
    """One job of the pipeline with its component."""

    name: str
    component: Mapping[str, Any]
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needs(self) -> set[str]:
        """Names of the jobs whose outputs this one reads."""
        texts = " ".join(str(value) for value in self.inputs.values())
        return set(re.findall(r"parent\.jobs\.(\w+)\.", texts))


def steps_of(path: Path) -> tuple[list[Step], Mapping[str, Any]]:
    """Return the jobs in the order of their references, and the pipeline; WiringError names every wrong reference."""
    pipeline = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = {}
    for name, job in pipeline["jobs"].items():
        component = yaml.safe_load((path.parent / job["component"]).read_text(encoding="utf-8"))
        steps[name] = Step(name, component, job.get("inputs", {}), job.get("outputs", {}))
    faults = [fault for step in steps.values() for fault in _faults(step, steps, pipeline)]
    if faults:
        raise WiringError("; ".join(faults))
    ordered: list[Step] = []
    while waiting := [step for step in steps.values() if step not in ordered]:
        ready = [step for step in waiting if step.needs <= {done.name for done in ordered}]
        if not ready:
            raise WiringError(f"{', '.join(step.name for step in waiting)} wait for each other")
        ordered += ready
    return ordered, pipeline


def _faults(step: Step, steps: Mapping[str, Step], pipeline: Mapping[str, Any]) -> list[str]:
    declared = step.component["inputs"]
    faults = [f"{step.name} gets {name}, which it does not take" for name in step.inputs if name not in declared]
    for name, kind in declared.items():
        if name not in step.inputs and "default" not in kind and not kind.get("optional"):
            faults.append(f"{step.name} lacks {name}")
    known = {f"parent.{side}.{name}" for side in ("inputs", "outputs") for name in pipeline.get(side, {})}
    known |= {f"parent.jobs.{other.name}.outputs.{name}" for other in steps.values() for name in _made(other)}
    for value in (*step.inputs.values(), *step.outputs.values()):
        faults += [f"{step.name} refers to {name}" for name in REFERENCE.findall(str(value)) if name not in known]
    own = {f"inputs.{name}" for name in declared} | {f"outputs.{name}" for name in _made(step)}
    used = REFERENCE.findall(step.component["command"])
    return faults + [f"the command of {step.name} uses {name}" for name in used if name not in own]


def _made(step: Step) -> Mapping[str, Any]:
    return step.component.get("outputs", {})


def run_pipeline(path: Path, bound: Mapping[str, Any], folder: Path, root: Path) -> list[str]:
    """Run every job with the pipeline's inputs and outputs `bound` by name; return the names of those that ended well.

    Stops at the first that fails, as Azure does. What the jobs make lies in `folder`.
    """
    steps, pipeline = steps_of(path)
    given = {f"parent.inputs.{name}": value for name, value in pipeline["inputs"].items()}
    given |= {f"parent.{name}": value for name, value in bound.items()}
    done = []
    for step in steps:
        values = {f"inputs.{name}": kind.get("default") for name, kind in step.component["inputs"].items()}
        values |= {f"inputs.{name}": _resolved(value, given) for name, value in step.inputs.items()}
        for name, kind in _made(step).items():
            place = given[_name(step.outputs[name])] if name in step.outputs else folder / step.name / name
            Path(place if kind["type"] == FOLDER else Path(place).parent).mkdir(parents=True, exist_ok=True)
            values[f"outputs.{name}"] = given[f"parent.jobs.{step.name}.outputs.{name}"] = place
        command = _filled(step.component["command"], values)
        script = f'PATH="{Path(sys.executable).parent}:$PATH"\n{command}'
        ended = subprocess.run(["bash", "-c", script], cwd=root, capture_output=True, text=True, check=False)
        (folder / f"{step.name}.log").write_text(f"{command}\n{ended.stdout}{ended.stderr}", encoding="utf-8")
        if ended.returncode:
            break
        done.append(step.name)
    return done


def _name(reference: str) -> str:
    found = REFERENCE.fullmatch(reference)
    assert found is not None
    return found[1]


def _resolved(value: Any, given: Mapping[str, Any]) -> Any:
    found = REFERENCE.fullmatch(str(value))
    return given[found[1]] if found else value


def _filled(command: str, values: Mapping[str, Any]) -> str:
    return REFERENCE.sub(lambda found: str(values[found[1]]), command)
