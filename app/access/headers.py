"""What every answer tells the browser: what may run, what may frame us, what may be kept.

In:    answers.
Out:   the same answers with security headers.
Never: allows `unsafe-eval`, a script from elsewhere, or a frame.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT = ("/static/", "/bidi-components/", "/media/")
YEAR_SECONDS = 31_536_000
FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # a link is a question
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@cache
def policy() -> str:
    """Return the content security policy; the inline scripts of page and presentation are allowed by their hashes."""
    pages = (files("streamlit").joinpath("static/index.html"), files("app").joinpath("pack/show.html"))
    whole = "".join(page.read_text(encoding="utf-8") for page in pages)
    inline = re.findall(r"<script>(.*?)</script>", whole, flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """ASGI middleware; `is_secure` is whether people come by HTTPS."""

    def __init__(self, app: ASGIApp, is_secure: bool = False) -> None:
        self._app, self._is_secure = app, is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in FIXED.items():
                    headers[name] = value
                headers["content-security-policy"] = policy()
                if self._is_secure:
                    headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
                if not any(part in scope["path"] for part in KEPT):
                    headers["cache-control"] = "no-store"
                del headers["server"]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)
