"""The rule that says which files go to the archive, and when.

In:    nothing; this is a declaration.
Out:   `Policy`.
Never: knows a file; a rule is the same for every estate.
"""

from __future__ import annotations

from dataclasses import dataclass

NO_RULE_MONTHS = 121
OLDEST_RULE_MONTHS = 120


@dataclass(frozen=True)
class Policy:
    """A file goes at the first month end at which it was untouched for `age_months` whole months.

    `smallest_class`, `class_limit`  size classes `smallest_class` ≤ c < `class_limit` go (powers of two of bytes)
    `types_left_out`                 file types that stay on primary
    `scopes_left_out`                scopes that stay on primary
    `keep_versions`                  how many versions of a file stay, the current one counted; 0: all may go
    """

    age_months: int = NO_RULE_MONTHS
    smallest_class: int = -1
    class_limit: int = 63
    types_left_out: frozenset[str] = frozenset()
    scopes_left_out: frozenset[str] = frozenset()
    keep_versions: int = 0

    @property
    def is_off(self) -> bool:
        """Whether nothing is archived at all."""
        return self.age_months >= NO_RULE_MONTHS
