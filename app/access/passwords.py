"""A new password, chosen by whoever it is for: the old one is asked for, and every other browser is put out.

In:    the form of `/password`, from somebody who is signed in with an account of ours.
Out:   the password changed, written down, this browser still in; or each fault beside its field.
Never: lets anyone guess the old one for long; changes a password for anybody but its owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.access import pages
from app.access.acts import Acts
from app.access.current import serving
from app.access.forms import filled
from app.access.identity import Identity
from app.access.limits import Limits
from app.access.modes import peer
from app.access.secrets import LONGEST, SHORTEST, fits, hashed
from app.access.sessions import Sessions
from forecast_core import Account

OLD, NEW, AGAIN = "old", "new", "again"
BACK = "/login?next=%2Fpassword"


class Passwords:
    """The page."""

    def __init__(self, sessions: Sessions, limits: Limits, acts: Acts) -> None:
        self._sessions, self._limits, self._acts = sessions, limits, acts
        self.routes: Sequence[Route] = (
            Route("/password", self._form, methods=["GET"]),
            Route("/password", self._change, methods=["POST"]),
        )

    async def _form(self, request: Request) -> Response:
        who = await run_in_threadpool(self._sessions.identify, request)
        return pages.password(who.name) if who else RedirectResponse(BACK, 303)

    async def _change(self, request: Request) -> Response:
        typed = await filled(request, OLD, NEW, AGAIN)
        return await run_in_threadpool(self._answer, request, typed)

    def _answer(self, request: Request, typed: Mapping[str, str]) -> Response:
        who = self._sessions.identify(request)
        account = self._sessions.access.account(who.name) if who else None
        if who is None or account is None:
            return RedirectResponse(BACK, 303)
        if found := faults(who.name, typed):
            return pages.password(who.name, found, 422)
        if wait := self._limits.attempt(who.name, peer(request)):
            answer: Response = pages.password(who.name, {OLD: f"Too many attempts. Try again in {wait} seconds."}, 429)
            answer.headers["retry-after"] = str(wait)
            return answer
        if not fits(typed[OLD], account.password):
            return pages.password(who.name, {OLD: "This is not your password."}, 422)
        return self._changed(request, who, typed[NEW])

    def _changed(self, request: Request, who: Identity, password: str) -> Response:
        do = partial(self._sessions.access.change, who.name, password=hashed(password))
        with serving(who):
            _, after = self._acts.do("viewer", "own password changed", who.name, do, _edition)
        text = "You are still signed in here, and signed out everywhere else."
        answer = pages.told("Password changed", text, 200, "/", "Back to the app")
        self._sessions.open(request, answer, who, "local", after.edition)
        return answer


def _edition(changed: tuple[Account, Account]) -> Mapping[str, int]:
    return {"edition": changed[1].edition}


def faults(name: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with the new password, by field, all at once; the old one is not looked at."""
    old, new, again = (typed[part] for part in (OLD, NEW, AGAIN))
    found = {}
    if not SHORTEST <= len(new) <= LONGEST:
        found[NEW] = f"{SHORTEST} to {LONGEST} letters; this has {len(new)}."
    elif new == old:
        found[NEW] = "This is the old one."
    elif name.lower() in new.lower() or len(set(new)) < SHORTEST // 2:
        found[NEW] = "Too easy to guess: your name is in it, or it repeats a few letters."
    if again != new:
        found[AGAIN] = "Not the same as above."
    return found
