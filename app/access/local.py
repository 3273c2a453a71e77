"""Sign-in with accounts of our own: a name, a password, a session.

In:    the form of `/login`.
Out:   a session, and the page that was asked for.
Never: says whether a name exists; sends anybody to another site; lets anyone guess for long.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.access import pages
from app.access.acts import Acts
from app.access.forms import filled, harmless
from app.access.identity import Identity, known_role
from app.access.limits import Limits
from app.access.modes import peer
from app.access.passwords import Passwords
from app.access.secrets import fits
from app.access.sessions import Sessions

WRONG = "Name or password is wrong."


class Local:
    """The mode."""

    name = "local"
    takes_keys = True

    def __init__(self, sessions: Sessions, limits: Limits, acts: Acts) -> None:
        self._sessions, self._limits = sessions, limits
        self.routes: Sequence[Route] = (
            Route("/login", self._form, methods=["GET"]),
            Route("/login", self._enter, methods=["POST"]),
            *leaving(sessions, "/password"),
            *Passwords(sessions, limits, acts).routes,
        )

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return whose session this is."""
        return self._sessions.identify(connection)

    def why(self) -> str:
        """Return what a stranger is told."""
        return "Sign in first."

    async def _form(self, request: Request) -> Response:
        return pages.sign_in(harmless(request.query_params.get("next", "/")))

    async def _enter(self, request: Request) -> Response:
        name, password, target = (await filled(request, "name", "password", "next")).values()
        return await run_in_threadpool(self._answer, request, name.strip(), password, harmless(target))

    def _answer(self, request: Request, name: str, password: str, target: str) -> Response:
        wait = self._limits.attempt(name, peer(request))
        if wait:
            answer: Response = pages.sign_in(target, f"Too many attempts. Try again in {wait} seconds.", 429)
            answer.headers["retry-after"] = str(wait)
            return answer
        account = self._sessions.access.account(name)
        if not fits(password, account.password if account else None) or account is None:
            return pages.sign_in(target, WRONG, 401)
        answer = RedirectResponse(target, 303)
        who = Identity(account.name, known_role(account.role), account.tenant)
        self._sessions.open(request, answer, who, "local", account.edition)
        return answer


def leaving(sessions: Sessions, password: str = "") -> tuple[Route, ...]:
    """Return the pages that sign somebody out; `password` is where they may choose another one, "" where nowhere."""

    async def ask(request: Request) -> Response:
        who = await run_in_threadpool(sessions.identify, request)
        return pages.sign_out(who.name, password) if who else RedirectResponse("/login", 303)

    async def leave(request: Request) -> Response:
        answer = RedirectResponse("/login", 303)
        await run_in_threadpool(sessions.close, request, answer)
        return answer

    return Route("/logout", ask, methods=["GET"]), Route("/logout", leave, methods=["POST"])
