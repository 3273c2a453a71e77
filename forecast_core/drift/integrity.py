"""Is the model that answers the one that was put there? A fixed set of questions, the answers bit by bit.

In:    the numbers a model answers with.
Out:   `Replay`: a fingerprint; whether two are the same.
Never: allows a tolerance; the same model on the same machine answers the same to the last bit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Replay:
    """Answers to the fixed questions: `model_id` who answered, `made_with` on what, `sha256` of every bit of it."""

    model_id: str
    made_with: Mapping[str, str]
    sha256: str
    total_gb: float

    @classmethod
    def of(cls, model_id: str, made_with: Mapping[str, str], answers: Mapping[str, Array]) -> Replay:
        """Return the replay of answers by name."""
        content = hashlib.sha256()
        for name in sorted(answers):
            content.update(name.encode())
            content.update(np.ascontiguousarray(answers[name], np.float64).tobytes())
        total = float(sum(np.nansum(values) for values in answers.values()))
        return cls(model_id, dict(made_with), content.hexdigest(), total)

    def to_json(self) -> str:
        """Return it as text, exact to the bit."""
        return json.dumps({**self.__dict__, "made_with": dict(self.made_with)}, sort_keys=True)

    @classmethod
    def of_json(cls, text: str) -> Replay:
        """Return the replay written by `to_json`."""
        return cls(**json.loads(text))


def differs(frozen: Replay, now: Replay) -> str:
    """Return what is wrong, "" if nothing: another model answers, or the same one answers otherwise.

    Where the machine or a library is another, the last bits may differ for a good reason: nothing is said then.
    """
    if frozen.model_id != now.model_id:
        return "model"
    if frozen.sha256 == now.sha256 or dict(frozen.made_with) != dict(now.made_with):
        return ""
    return "answers"
