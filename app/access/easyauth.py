"""Sign-in by Azure App Service: it checked who this is, and says so in headers that nobody outside can write.

In:    `X-MS-CLIENT-PRINCIPAL`, as App Service makes it.
Out:   `Identity`; roles from the app roles, tenant from a claim.
Never: starts where App Service does not guard the door: there the headers could be anybody's.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.requests import HTTPConnection
from starlette.routing import Route

from app.access.identity import LONGEST_TENANT, ROLES, Identity, Role, readable
from app.access.modes import peer
from forecast_core import SettingsError

PRINCIPAL = "x-ms-client-principal"
ROLE_CLAIMS = ("roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role")
NAME_CLAIMS = ("preferred_username", "email", "name", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name")
LONGEST = 16_384


class EasyAuth:
    """The mode; `tenant_claim` names the claim that says whose wall somebody lives behind, "" for none."""

    name = "easyauth"
    takes_keys = True
    routes: Sequence[Route] = ()

    def __init__(self, guarded: bool, tenant_claim: str = "") -> None:
        if not guarded:
            raise SettingsError(
                "ARCHIVE_FORECAST_SIGN_IN is easyauth, but App Service does not guard this process.",
                allowed="WEBSITE_SITE_NAME set and WEBSITE_AUTH_ENABLED=true, as App Service sets them",
                hint="Switch authentication on in App Service, or choose local or oidc.",
            )
        self._tenant_claim = tenant_claim

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return who App Service says this is; None without a role of ours: being in the directory is not enough."""
        claims = _claims(connection.headers.get(PRINCIPAL, ""))
        role = highest(value for name in ROLE_CLAIMS for value in claims.get(name, ()))
        name = next((claims[name][0] for name in NAME_CLAIMS if claims.get(name)), "")
        if role is None or not name:
            return None
        tenant = (claims.get(self._tenant_claim) or [""])[0] if self._tenant_claim else ""
        if self._tenant_claim and not 0 < len(tenant) <= LONGEST_TENANT:
            return None
        return Identity(readable(name), role, tenant, _place(connection))

    def why(self) -> str:
        """Return what somebody without a role is told."""
        return "You are signed in, but have no role here. Ask the administrator for one: viewer, analyst or admin."


def highest(values: Iterable[Any]) -> Role | None:
    """Return the highest of our roles among values, None if there is none."""
    given = {str(value).lower() for value in values}
    mine = [role for role in ROLES if role in given]
    return mine[-1] if mine else None


def _claims(text: str) -> Mapping[str, list[str]]:
    """Return the claims of a principal by name; none where it cannot be read."""
    if not 0 < len(text) <= LONGEST:
        return {}
    try:
        found = json.loads(b64decode(text, validate=True))
        pairs = [(str(claim["typ"]), str(claim["val"])) for claim in found["claims"]]
        pairs += [("roles", value) for typ, value in pairs if typ == found.get("role_typ")]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return {}
    named: dict[str, list[str]] = {}
    for name, value in pairs:
        named.setdefault(name, []).append(value)
    return named


def _place(connection: HTTPConnection) -> str:
    """Return where the request came from: the last hop that App Service itself wrote down, without its port."""
    last = connection.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
    host = last.rsplit(":", 1)[0] if last.count(":") == 1 else last
    return host[:60] or peer(connection)
