"""Who may come in, in the hands of an administrator: accounts and keys made, changed, ended, each written down.

In:    names, roles, tenants.
Out:   accounts and keys; a new password or key, which is shown once.
Never: acts for anybody but an administrator; keeps a password or a key.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.access.acts import Acts, Facts, Found
from app.access.current import current
from app.access.identity import LONGEST_NAME, Role, SignInError
from app.access.keys import Keys
from app.access.secrets import hashed
from forecast_core import Access, Account, ApiKey

PASSWORD_BYTES = 15


class People:
    """The people and programs of one installation."""

    def __init__(self, access: Access, keys: Keys, acts: Acts, clock: Callable[[], datetime]) -> None:
        self._access, self._keys, self._acts, self._clock = access, keys, acts, clock

    # ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────
    def accounts(self) -> tuple[Account, ...]:
        """Return every account, ended ones too."""
        current().need_house()
        return self._access.accounts()

    def add(self, name: str, role: Role, tenant: str = "") -> str:
        """Make an account; return its password, which is shown now and never again."""
        name, password = name.strip(), _new_password()
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise SignInError("An account needs a name.", allowed=f"1 to {LONGEST_NAME} letters")
        made = Account(name, hashed(password), role, tenant.strip(), 1, self._clock(), current().name)
        self._do("account made", name, partial(self._access.add, made), _account)
        return password

    def give(self, name: str, role: Role, tenant: str = "") -> None:
        """Give an account another role or tenant; its sessions end."""
        self._change("role given", name, role=role, tenant=tenant.strip())

    def renew(self, name: str) -> str:
        """Give an account a new password, which is shown now and never again; its sessions end."""
        password = _new_password()
        self._change("password renewed", name, password=hashed(password))
        return password

    def end(self, name: str) -> None:
        """End an account; its sessions end with it, open pages within a second."""
        self._change("account ended", name, ended_at=self._clock())

    def _change(self, act: str, name: str, **values: object) -> None:
        before = next((_account(each) for each in self.accounts() if each.name == name), {})
        do = partial(self._access.change, name, **values)
        self._do(act, name, do, lambda found: _account(found[1]), before)

    # ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def keys(self) -> tuple[ApiKey, ...]:
        """Return every key, ended ones too."""
        current().need_house()
        return self._access.every_key()

    def make_key(self, title: str, role: Role, tenant: str, days: int) -> str:
        """Make a key; return it, which is shown now and never again."""
        do = partial(self._keys.make, title, role, tenant.strip(), days, current().name)
        return self._do("key made", "", do, lambda found: _key(found[1]))[0]

    def rotate_key(self, identity: str, days: int) -> str:
        """Make a key in place of another, which holds for a week more; return it."""
        do = partial(self._keys.rotate, identity, days, current().name)
        return self._do("key rotated", identity, do, lambda found: _key(found[1]))[0]

    def end_key(self, identity: str) -> None:
        """End a key now."""
        self._do("key ended", identity, partial(self._keys.end, identity), lambda found: _key(found[1]))

    def now(self) -> datetime:
        """Return this moment."""
        return self._clock()

    def _do(
        self, act: str, what: str, do: Callable[[], Found], after: Callable[[Found], Facts], before: Facts | None = None
    ) -> Found:
        current().need_house()
        return self._acts.do("admin", act, what, do, after, before)


def _new_password() -> str:
    """Return a password nobody can guess, in groups that can be read aloud."""
    text = secrets.token_hex(PASSWORD_BYTES)
    return "-".join(text[start : start + 6] for start in range(0, len(text), 6))


def _account(found: Account) -> Facts:
    return {"role": found.role, "tenant": found.tenant, "edition": found.edition, "ended": found.ended_at is not None}


def _key(found: ApiKey) -> Facts:
    ended = found.ended_at is not None
    return {
        "key": found.id,
        "role": found.role,
        "tenant": found.tenant,
        "ends": f"{found.ends_at:%Y-%m-%d}",
        "ended": ended,
    }
