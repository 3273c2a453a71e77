"""Is the app that was just deployed alive, and closed to strangers? Needs nothing but Python.

`python3 deploy/smoke.py URL [--wait SECONDS] [--closed] [--page PATH]`: waits until `/health` answers 200 with a loaded
model. With `--closed` the page (the first, unless PATH names one) must then send a stranger away; without it the page
must open. Exit code 0, or 1 with a sentence that says what is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.request

PAUSE_S = 0.25


class Stay(urllib.request.HTTPRedirectHandler):
    """Report a redirect instead of following it."""

    def redirect_request(self, *_: object) -> None:
        """Go nowhere."""


OPENER = urllib.request.build_opener(Stay)


def ask(url: str, seconds: float = 20) -> tuple[int, str]:
    """Return status and text of an answer; status 0 and the reason where none came."""
    try:
        with OPENER.open(url, timeout=seconds) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")
    except OSError as error:
        return 0, str(error)


def wait_until_ready(url: str, seconds: float) -> str:
    """Ask for health until the model is loaded; return what is wrong, "" if nothing."""
    until = time.monotonic() + seconds
    while True:
        status, text = ask(f"{url}/health")
        if status == 200 and _is_ready(text):
            sys.stdout.write(f"ready: {text}\n")
            return ""
        if time.monotonic() > until:
            return f"{url}/health was not ready after {seconds:.0f} s; the last answer was {status}: {text[:200]}"
        time.sleep(PAUSE_S)


def _is_ready(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("status") == "ready"


def opened(page: str, closed: bool) -> str:
    """Return what is wrong with a page for somebody who is not signed in, "" if nothing."""
    status, _ = ask(page)
    if closed and status not in (301, 302, 303, 307, 401, 403):
        return f"{page} answered {status} to a stranger; it must ask to sign in."
    if not closed and status != 200:
        return f"{page} answered {status}; it must open."
    sys.stdout.write(f"{page}: {status}\n")
    return ""


def main() -> int:
    """Check; return the exit code."""
    parser = argparse.ArgumentParser(description="Is the deployed app alive, and closed to strangers?")
    parser.add_argument("url")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--closed", action="store_true", help="strangers must be sent away")
    parser.add_argument("--page", default="/", metavar="PATH", help="the page that is tried, / by default")
    asked = parser.parse_args()
    url = asked.url.rstrip("/")
    wrong = wait_until_ready(url, asked.wait) or opened(f"{url}{asked.page}", asked.closed)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
