"""Somebody at a door: a name, a role, a tenant.

In:    what the gate found out.
Out:   `Identity`; RoleError where a role does not suffice.
Never: guesses: who was not recognised may do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from forecast_core import ForecastError

Role = Literal["viewer", "analyst", "admin"]
LONGEST_NAME = 120
LONGEST_TENANT = 80  # a longer one is refused, not cut: two that begin alike would share their walls
ROLES: tuple[Role, ...] = get_args(Role)
MAY = {
    "viewer": "look, ask and export",
    "analyst": "also upload data, keep scenarios, say what came and train",
    "admin": "also decide which model answers, and manage accounts, keys and the audit",
}


class RoleError(ForecastError):
    """Somebody is known, but may not do this."""

    status = 403


class SignInError(ForecastError):
    """Nobody was let in, and why."""

    status = 401


def known_role(text: str) -> Role | Literal[""]:
    """Return a role as it was kept somewhere, "" for one that does not exist: it may do nothing.

    >>> known_role("viewer"), known_role("root")
    ('viewer', '')
    """
    return next((role for role in ROLES if role == text), "")


def readable(name: str) -> str:
    """Return a name as a directory told it, without what could bend a line of a list or a log.

    >>> readable("ann\\n\\x1b[31m")
    'ann[31m'
    """
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME]


@dataclass(frozen=True)
class Identity:
    """`tenant` is the wall they live behind, "" for those of the house; `place` is where a request came from."""

    name: str
    role: Role | Literal[""]
    tenant: str = ""
    place: str = ""

    def may(self, role: Role) -> bool:
        """Return whether this role or a higher one is theirs."""
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)

    def need(self, role: Role) -> None:
        """Do nothing where they may; RoleError otherwise."""
        if not self.may(role):
            raise RoleError(
                f"This takes the role {role}; yours is {self.role or 'none'}.", hint=f"An {role} may {MAY[role]}."
            )

    @property
    def keeps_house(self) -> bool:
        """Whether accounts, keys, the audit and the meters of everybody are theirs: nobody's behind a wall."""
        return self.may("admin") and not self.tenant

    def need_house(self) -> None:
        """Do nothing for an administrator of the house; RoleError otherwise."""
        self.need("admin")
        if not self.keeps_house:
            raise RoleError("Accounts, keys and the audit are the house's.", hint="Ask an administrator of the house.")


NOBODY = Identity("", "")
