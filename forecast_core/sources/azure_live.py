"""The live Azure Retail Prices API, page by page; off unless a setting turns it on.

In:    the address of the first page.
Out:   the pages as JSON bytes, as a saved file would hold them.
Never: follows a link to another host; goes on for ever.
"""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from forecast_core.errors import SourceError

MOST_PAGES = 50
SECONDS = 20.0


def fetch_pages(first: str) -> bytes:
    """Return every page behind an address; SourceError if one cannot be had."""
    pages: list[dict[str, Any]] = []
    host, address = urlsplit(first), first
    while address:
        if (urlsplit(address).scheme, urlsplit(address).netloc) != (host.scheme, host.netloc):
            raise SourceError("The price service points to another host; nothing was taken over.")
        if len(pages) == MOST_PAGES:
            raise SourceError(f"The price service has more than {MOST_PAGES} pages.", hint="Ask for one region.")
        pages.append(_page(address))
        address = str(pages[-1].get("NextPageLink") or "")
    return json.dumps(pages).encode()


def _page(address: str) -> dict[str, Any]:
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            page = json.load(answer)
    except (URLError, HTTPException, TimeoutError, ValueError) as error:
        raise SourceError(f"The price service did not answer: {error}.", hint="Import a saved file instead.") from error
    if not isinstance(page, dict) or "Items" not in page:
        raise SourceError("The price service answered something else than prices.", hint="Import a saved file instead.")
    return page
