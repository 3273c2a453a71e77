"""What came out of reading a file: what was recognised, what is wrong, and the history if there is one.

In:    nothing; these are declarations.
Out:   `Reading` and its parts.
Never: reads, checks or converts anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast_core.history.choices import Choices
from forecast_core.history.panel import History
from forecast_core.schema import Issue, Severity


@dataclass(frozen=True)
class Recognised:
    """One header of the file: the canonical column it was taken for (None: not used), and how, in words."""

    header: str
    column: str | None
    words: str


@dataclass(frozen=True)
class Missing:
    """A column that is not there and worth asking for, with the reason."""

    column: str
    why: str


@dataclass(frozen=True)
class Question:
    """Something the file does not settle: the name of the choice, the question, and the answers allowed."""

    choice: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """A file as understood; `rows_in` = `rows_used` + `rows_set_aside`, always.

    `how` is what was recognised of the file, in words.
    `issues` worst first, then by row; `history` is None when nothing can be used; `origin` where
    it comes from in words, where that is no file of the user.
    """

    name: str
    content_id: str
    recognised: tuple[Recognised, ...]
    issues: tuple[Issue, ...]
    rows_in: int
    rows_used: int
    history: History | None
    choices: Choices = Choices()
    aggregated_from_days: bool = False
    missing: tuple[Missing, ...] = ()
    questions: tuple[Question, ...] = ()
    how: tuple[tuple[str, str], ...] = ()
    origin: str = ""

    @property
    def rows_set_aside(self) -> int:
        """Rows that were not used; every one is named by an issue."""
        return self.rows_in - self.rows_used

    @property
    def blocked(self) -> bool:
        """Whether a fault stops everything."""
        return any(issue.severity is Severity.BLOCKING for issue in self.issues)
