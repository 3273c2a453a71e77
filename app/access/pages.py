"""The few pages that stand before the app: sign in, signed out, not for you. No script, both themes, no tracks.

In:    words.
Out:   HTML.
Never: shows back what was typed without escaping it; says whether a name or a password was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

STYLE = """
:root{color-scheme:light dark;--ink:#1b2430;--ground:#fff;--soft:#f3f5f7;--line:#c9d1d9;--accent:#0b5cad;--on:#fff;
--fault:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--ground:#12171d;--soft:#1c232b;--line:#3a4652;--accent:#7cc4ff;
--on:#0b1a28;--fault:#ff9d94}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);
color:var(--ink);font:16px/1.5 "Source Sans",system-ui,sans-serif}
main{width:min(24rem,calc(100vw - 2rem));padding:2rem;background:var(--soft);border:1px solid var(--line);
border-radius:.5rem}
h1{font-size:1.25rem;margin:0 0 1rem}p{margin:.5rem 0}label{display:block;margin:1rem 0 .25rem}
input{width:100%;font:inherit;padding:.5rem;color:inherit;background:var(--ground);border:1px solid var(--line);
border-radius:.25rem}
button{margin-top:1.25rem;width:100%;font:inherit;font-weight:600;padding:.6rem;border:0;border-radius:.25rem;
background:var(--accent);color:var(--on);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}[role=alert]{border-left:4px solid #d9534f;
padding-left:.75rem}a{color:var(--accent)}.fault{margin:.25rem 0;color:var(--fault)}
[aria-invalid]{border-color:var(--fault)}
"""


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a page of its own."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title)} · Archive Forecast</title>'
        f"<style>{STYLE}</style><main><h1>{escape(title)}</h1>{body}</main></html>",
        status,
    )


def sign_in(target: str, fault: str = "", status: int = 200) -> HTMLResponse:
    """Return the form; `target` is where it leads."""
    alert = f'<p role="alert">{escape(fault)}</p>' if fault else ""
    return page(
        "Sign in",
        f'{alert}<form method="post" action="/login"><input type="hidden" name="next" value="{escape(target)}">'
        '<label for="name">Name</label><input id="name" name="name" autocomplete="username" required autofocus>'
        '<label for="password">Password</label><input id="password" name="password" type="password" '
        'autocomplete="current-password" required><button>Sign in</button></form>',
        status,
    )


def sign_out(name: str, password: str = "") -> HTMLResponse:
    """Return the question before signing out: a link alone must not do it; `password` leads to another password."""
    other = f'<p><a href="{escape(password)}">Change the password</a></p>' if password else ""
    return page(
        "Account" if password else "Sign out",
        f'<p>You are signed in as {escape(name)}.</p><form method="post" action="/logout"><button>Sign out</button>'
        f'</form>{other}<p><a href="/">Back</a></p>',
    )


def password(name: str, faults: Mapping[str, str] | None = None, status: int = 200) -> HTMLResponse:
    """Return the form for a new password, each fault beside its field."""
    asked = (("old", "Password now", "current-password"), ("new", "New password", "new-password"),
             ("again", "New password again", "new-password"))  # fmt: skip
    return page(
        "Change the password",
        f"<p>{escape(name)}, you will be signed out everywhere but here.</p>"
        f'<form method="post" action="/password">'
        f'<input type="hidden" name="name" value="{escape(name)}" autocomplete="username">'
        f"{''.join(_asked(*field, (faults or {}).get(field[0], '')) for field in asked)}"
        '<button>Change</button></form><p><a href="/">Back</a></p>',
        status,
    )


def _asked(name: str, label: str, kind: str, fault: str) -> str:
    said = f'<p class="fault" id="{name}-fault">{escape(fault)}</p>' if fault else ""
    marks = f' aria-invalid="true" aria-describedby="{name}-fault"' if fault else ""
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" type="password" '
        f'autocomplete="{kind}" required{marks}>{said}'
    )


def told(title: str, text: str, status: int, way: str = "", words: str = "Sign in") -> HTMLResponse:
    """Return a page with one sentence, and a way on."""
    link = f'<p><a href="{escape(way)}">{escape(words)}</a></p>' if way else ""
    return page(title, f"<p>{escape(text)}</p>{link}", status)
