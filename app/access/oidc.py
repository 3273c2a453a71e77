"""Sign-in by an OpenID Connect provider: authorization code with PKCE, state and nonce; then a session of our own.

In:    the provider's answer at `/oidc/callback`.
Out:   a session, and the page that was asked for.
Never: believes a token it has not checked: signature, issuer, audience, times, nonce; lets somebody without a role in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import urllib.error
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.access import pages
from app.access.easyauth import highest
from app.access.forms import harmless
from app.access.identity import LONGEST_TENANT, Identity, readable
from app.access.local import leaving
from app.access.modes import LOCAL_NAMES, is_here
from app.access.sessions import Sessions
from forecast_core import SettingsError

log = logging.getLogger(__name__)
CALLBACK = "/oidc/callback"
COOKIE = "archive-forecast-sign-in"
MINUTES = 10
SECONDS = 10
ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS = 60
NAMES = ("preferred_username", "email", "name", "sub")
FAILED = "Signing in did not work; it was logged. Try again."


@dataclass(frozen=True)
class Provider:
    """Where people sign in, and how we are known there; the claims that say role and tenant ("" for no tenants)."""

    issuer: str
    client_id: str
    client_secret: str
    role_claim: str
    tenant_claim: str
    public_url: str

    def __post_init__(self) -> None:
        """Refuse what would not be safe."""
        lacking = [name for name in ("issuer", "client_id", "client_secret", "public_url") if not getattr(self, name)]
        if lacking:
            names = ", ".join("PUBLIC_URL" if name == "public_url" else f"OIDC_{name.upper()}" for name in lacking)
            raise SettingsError(f"Sign-in by oidc needs {names}.", hint="All settings are listed in .env.example.")
        where = urlsplit(self.issuer)
        if where.scheme != "https" and where.hostname not in LOCAL_NAMES:
            raise SettingsError(f"The issuer {self.issuer} is not HTTPS.", allowed="https://…")


class _RefusedError(Exception):
    """The provider's answer does not fit."""


class Oidc:
    """The mode; `secret` signs what a browser carries to the provider and back."""

    name = "oidc"
    takes_keys = True

    def __init__(self, provider: Provider, sessions: Sessions, secret: bytes) -> None:
        self._provider, self._sessions, self._secret = provider, sessions, secret
        self.routes: Sequence[Route] = (
            Route("/login", self._go, methods=["GET"]),
            Route(CALLBACK, self._come, methods=["GET"]),
            *leaving(sessions),
        )

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return whose session this is."""
        return self._sessions.identify(connection)

    def why(self) -> str:
        """Return what a stranger is told."""
        return "Sign in first."

    # ── out ────────────────────────────────────────────────────────────────────────────────────────────────────────
    async def _go(self, request: Request) -> Response:
        return await run_in_threadpool(self._sent_away, request)

    def _sent_away(self, request: Request) -> Response:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._back,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        try:
            there = self._known["authorization_endpoint"]
        except _RefusedError as error:
            log.warning("sign-in: %s", error)
            return pages.told("Sign in", "The sign-in service cannot be reached. Try again in a moment.", 503)
        answer = RedirectResponse(f"{there}?{urlencode(asked)}", 303)
        target = harmless(request.query_params.get("next", "/"))
        carried = self._signed({"state": state, "nonce": nonce, "verifier": verifier, "next": target})
        answer.set_cookie(
            COOKIE, carried, max_age=60 * MINUTES, path=CALLBACK, secure=not is_here(request), httponly=True,
            samesite="lax",
        )  # fmt: skip
        return answer

    @property
    def _back(self) -> str:
        return self._provider.public_url.rstrip("/") + CALLBACK

    # ── back ───────────────────────────────────────────────────────────────────────────────────────────────────────
    async def _come(self, request: Request) -> Response:
        return await run_in_threadpool(self._let_in, request)

    def _let_in(self, request: Request) -> Response:
        try:
            carried = self._read(request.cookies.get(COOKIE, ""))
            claims = self._claims(request, carried)
        except (_RefusedError, jwt.PyJWTError) as error:
            log.warning("sign-in refused: %s", error)
            return pages.told("Sign in", FAILED, 401, "/login")
        who = self._person(claims)
        if who is None:
            text = "You are signed in there, but have no role here. Ask the administrator for one."
            return pages.told("Not here", text, 403, "/login")
        answer = RedirectResponse(carried["next"], 303)
        self._sessions.open(request, answer, who, "oidc")
        answer.delete_cookie(COOKIE, path=CALLBACK)
        return answer

    def _claims(self, request: Request, carried: Mapping[str, str]) -> Mapping[str, Any]:
        if not hmac.compare_digest(request.query_params.get("state", "").encode(), carried["state"].encode()):
            raise _RefusedError("the state is not the one that was sent")
        if "code" not in request.query_params:
            raise _RefusedError(f"the provider said {request.query_params.get('error', 'nothing')[:60]!r}")
        form = {
            "grant_type": "authorization_code",
            "code": request.query_params["code"],
            "redirect_uri": self._back,
            "client_id": self._provider.client_id,
            "client_secret": self._provider.client_secret,
            "code_verifier": carried["verifier"],
        }
        token = str(_fetched(self._known["token_endpoint"], urlencode(form).encode()).get("id_token", ""))
        claims: dict[str, Any] = jwt.decode(
            token,
            self._key_of(token),
            algorithms=list(ALGORITHMS),
            audience=self._provider.client_id,
            issuer=self._known["issuer"],
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), carried["nonce"].encode()):
            raise _RefusedError("the nonce is not the one that was sent")
        return claims

    def _person(self, claims: Mapping[str, Any]) -> Identity | None:
        given = claims.get(self._provider.role_claim, ())
        role = highest([given] if isinstance(given, str) else given)
        name = next((str(claims[key]) for key in NAMES if claims.get(key)), "")
        tenant = str(claims.get(self._provider.tenant_claim, "")) if self._provider.tenant_claim else ""
        if role is None or not name or (self._provider.tenant_claim and not 0 < len(tenant) <= LONGEST_TENANT):
            return None
        return Identity(readable(name), role, tenant)

    # ── the provider ───────────────────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def _known(self) -> Mapping[str, Any]:
        found = _fetched(f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._provider.issuer:
            raise _RefusedError(f"the provider calls itself {found.get('issuer')!r}")
        return found

    @cached_property
    def _keys(self) -> jwt.PyJWKClient:
        return jwt.PyJWKClient(self._known["jwks_uri"], timeout=SECONDS, lifespan=3600)

    def _key_of(self, token: str) -> jwt.PyJWK:
        """Return the key a token names; a provider that has only one need not name it."""
        if "kid" in jwt.get_unverified_header(token):
            return self._keys.get_signing_key_from_jwt(token)
        known = self._keys.get_signing_keys()
        if len(known) != 1:
            raise _RefusedError("the token does not say which key it was signed with")
        return known[0]

    # ── what the browser carries ───────────────────────────────────────────────────────────────────────────────────
    def _signed(self, content: Mapping[str, str]) -> str:
        text = urlsafe_b64encode(json.dumps(content).encode())
        return f"{text.decode()}.{self._sum(text)}"

    def _read(self, cookie: str) -> Mapping[str, str]:
        text, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(self._sum(text.encode()).encode(), signature.encode()):
            raise _RefusedError("the sign-in was not begun here, or too long ago")
        found: dict[str, str] = json.loads(urlsafe_b64decode(text))
        return found

    def _sum(self, text: bytes) -> str:
        return hmac.new(self._secret, b"sign-in\n" + text, hashlib.sha256).hexdigest()


def _fetched(url: str, body: bytes | None = None) -> dict[str, Any]:
    """Return what the provider says."""
    try:
        with urllib.request.urlopen(url, body, timeout=SECONDS) as answer:
            found = json.load(answer)
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        raise _RefusedError(f"{urlsplit(url).netloc}: {error}") from error
    if not isinstance(found, dict):
        raise _RefusedError("the provider said something unexpected")
    return found
