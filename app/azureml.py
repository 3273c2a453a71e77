"""The training pipeline of Azure Machine Learning: started from here, run there.

In:    the address of its schedule.
Out:   the name of the run that was started; ModelError says why none was.
Never: waits for it; holds a key: it enters as the machine.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import requests

from forecast_core import ModelError

RIGHT = "https://management.azure.com/.default"
VERSION = "2024-01-01-preview"  # the one with which Microsoft's own azure-ai-ml starts a schedule
SECONDS = 30.0


def start_training(schedule: str, now: datetime) -> str:
    """Start the jobs of a schedule once, at no other time than now; return the name of the run."""
    from azure.core.exceptions import ClientAuthenticationError  # slow to import, and few rounds start anything
    from azure.identity import DefaultAzureCredential

    try:
        token = DefaultAzureCredential().get_token(RIGHT).token
        answer = requests.post(
            f"{schedule}/trigger",
            params={"api-version": VERSION},
            headers={"Authorization": f"Bearer {token}"},
            json={"scheduleTime": now.isoformat()},
            timeout=SECONDS,
            allow_redirects=False,
        )
    except ClientAuthenticationError as error:
        raise _failed("this machine has no identity in Azure") from error
    except requests.exceptions.RequestException as error:
        raise _failed("Azure did not answer") from error
    if answer.status_code != 200:
        raise _failed(f"Azure answered {answer.status_code}, {_reason(answer)}")
    return str(answer.json().get("submissionId", ""))


def _failed(why: str) -> ModelError:
    hint = "Is the schedule made (docs/deployment.md, step 8), and may this identity start it?"
    return ModelError(f"Training is due and was not started: {why}.", hint=hint)


def _reason(answer: requests.Response) -> str:
    """Return Azure's own word for what is wrong, as ResourceNotFound."""
    try:
        found: Any = answer.json()
        return str(found["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "without saying why"
