"""How numbers and amounts are written: point, groups, and where the mark of a currency stands.

In:    what the reader chose, asked through `listen`; English where nobody is asked (API, command line, alarms).
Out:   digits and amounts as that reader writes them.
Never: touches a month, which has no time zone, or a file for machines: CSV and JSON stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
THIN, WIDE = "\u202f", "\u00a0"  # spaces at which no line breaks
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_AMOUNT = re.compile(rf"([$€£])({_NUMBER})|{_NUMBER}")


@dataclass(frozen=True)
class Locale:
    """`tag` as browsers say it; `mark_after`: `4.310 $` instead of `$4,310`."""

    tag: str
    title: str
    point: str
    group: str
    mark_after: bool

    @property
    def separators(self) -> str:
        """Point and group as Plotly wants them."""
        return self.point + self.group


ENGLISH = Locale("en-US", "1,234.5 · $4,310", ".", ",", False)
LOCALES = {
    found.tag: found
    for found in (
        ENGLISH,
        Locale("de-DE", f"1.234,5 · 4.310{WIDE}$", ",", ".", True),
        Locale("fr-FR", f"1{THIN}234,5 · 4{THIN}310{WIDE}$", ",", THIN, True),
        Locale("de-CH", "1’234.5 · $4’310", ".", "’", False),
    )
}
_LIKE_GERMAN = ("de", "es", "it", "nl", "da", "id", "tr", "el", "hr", "sl", "ro")
_LIKE_FRENCH = ("fr", "pl", "cs", "sk", "fi", "sv", "nb", "no", "hu", "bg", "uk", "ru", "pt")
_chosen: ContextVar[Locale | None] = ContextVar("locale", default=None)
_ask: list[Callable[[], Locale]] = [lambda: ENGLISH]


def of(tag: str | None) -> Locale:
    """Return how a browser's language writes numbers; English where it is not known.

    >>> of("de-AT").tag, of("fr").tag, of("ja-JP").tag, of(None).tag
    ('de-DE', 'fr-FR', 'en-US', 'en-US')
    """
    language = (tag or "").partition("-")[0].lower()
    if tag in LOCALES:
        return LOCALES[tag]
    if language in _LIKE_GERMAN:
        return LOCALES["de-DE"]
    return LOCALES["fr-FR"] if language in _LIKE_FRENCH else ENGLISH


def listen(ask: Callable[[], Locale]) -> None:
    """Ask this for the reader's choice, once in each thread."""
    _ask[0] = ask


def current() -> Locale:
    """Return how numbers are written here."""
    found = _chosen.get()
    if found is None:
        found = _ask[0]()
        _chosen.set(found)
    return found


def use(found: Locale) -> None:
    """Write numbers so from now on, in this thread."""
    _chosen.set(found)


@contextmanager
def using(found: Locale) -> Iterator[None]:
    """Write numbers so for a while."""
    before = _chosen.set(found)
    try:
        yield
    finally:
        _chosen.reset(before)


def digits(text: str) -> str:
    """Return a number written in English as the reader writes it."""
    here = current()
    return text if here is ENGLISH else text.translate({ord(","): here.group, ord("."): here.point})


def marked(number: str, currency: str) -> str:
    """Return an amount without its sign: `$4,310`, `4.310 $`, `CHF 4,310`."""
    if current().mark_after:
        return f"{number}{WIDE}{SYMBOLS.get(currency, currency)}"
    return f"{SYMBOLS.get(currency, f'{currency} ')}{number}"


def rewritten(sentence: str) -> str:
    """Return a sentence that was kept in English with its numbers as the reader writes them.

    >>> with using(LOCALES["de-DE"]): rewritten("7,310 files, $0.5 by Mar 2027.")
    '7.310 files, 0,5\\xa0$ by Mar 2027.'
    """
    if current() is ENGLISH:
        return sentence
    codes = {symbol: code for code, symbol in SYMBOLS.items()}

    def one(found: re.Match[str]) -> str:
        return marked(digits(found[2]), codes[found[1]]) if found[1] else digits(found[0])

    return _AMOUNT.sub(one, sentence)
