"""What the engine and its rivals would have said at every origin, against what then came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from forecast_core.estimators.due_dates import Question, draws  # type: ignore[attr-defined]
