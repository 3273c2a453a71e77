"""What people and programs prove themselves with: passwords, keys, cookies; made, and checked in even time.

In:    passwords and keys as they come in; the installation's secret.
Out:   what may be stored instead of them; yes or no.
Never: stores or logs a password, a key or a cookie; takes longer for a wrong name than for a wrong password.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from app.access.identity import SignInError

SHORTEST, LONGEST = 12, 200
KEY_MARK, ID_LENGTH, SECRET_BYTES = "fk", 8, 32
FILE = "secret"
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's; 40 at once fit a small machine


def hashed(password: str) -> str:
    """Return what is stored of a password; SignInError where it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise SignInError("This password will not do.", allowed=f"{SHORTEST} to {LONGEST} characters")
    return HASHER.hash(password)


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(SECRET_BYTES))


def fits(password: str, stored: str | None) -> bool:
    """Return whether a password is the stored one; for an unknown name (None) it takes as long and is never."""
    try:
        return HASHER.verify(stored or _nobodys(), password[:LONGEST]) and stored is not None
    except Argon2Error:
        return False


# ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def new_key() -> tuple[str, str]:
    """Return the id of a new key and the whole key, which is shown once."""
    identity = secrets.token_hex(ID_LENGTH // 2)
    return identity, f"{KEY_MARK}_{identity}_{secrets.token_urlsafe(SECRET_BYTES)}"


def key_id(key: str) -> str:
    """Return the id that a key names, "" where it is none of ours."""
    mark, _, rest = key.partition("_")
    identity, _, secret = rest.partition("_")
    return identity if mark == KEY_MARK and len(identity) == ID_LENGTH and 20 <= len(secret) <= 100 else ""


def key_digest(key: str, pepper: bytes) -> str:
    """Return what is stored of a key: 256 random bits need no slow hash, and without the secret nobody can guess."""
    return hmac.new(pepper, key.encode(), hashlib.sha256).hexdigest()


def same(digest: str, stored: str | None) -> bool:
    """Return whether two digests are the same, in even time; an unknown one (None) never is."""
    return hmac.compare_digest(digest, stored or "0" * 64) and stored is not None


# ── cookies ────────────────────────────────────────────────────────────────────────────────────────────────────────
def new_cookie() -> tuple[str, str]:
    """Return the value of a new cookie and what is stored of it."""
    value = secrets.token_urlsafe(SECRET_BYTES)
    return value, cookie_digest(value)


def cookie_digest(value: str) -> str:
    """Return what is stored of a cookie."""
    return hashlib.sha256(value.encode()).hexdigest()


# ── the installation's secret ──────────────────────────────────────────────────────────────────────────────────────
def installation_secret(given: str, folder: Path) -> bytes:
    """Return the secret of this installation: the one that was set, else one of the data folder, made once."""
    if given:
        return given.encode()
    place = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(SECRET_BYTES).encode())
    return place.read_bytes()
