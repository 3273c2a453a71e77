"""A webhook of Teams, of Slack, or of anything that takes JSON.

In:    the address; a message.
Out:   the form that the receiver reads.
Never: shows the address: whoever has it may post.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from forecast_core.alerts.channel import Message, post

SLACK = ("hooks.slack.com", "hooks.slack-gov.com")
TEAMS = (".webhook.office.com", ".logic.azure.com", ".environment.api.powerplatform.com", ".powerautomate.com")
TEAMS_COLOURS = {"red": "attention", "amber": "warning", "green": "good"}


class Webhook:
    """One address; `form` is slack, teams or plain, told by the address unless given."""

    name = "webhook"

    def __init__(self, address: str, form: str = "") -> None:
        self._address = address
        self.form = form or form_of(address)

    def send(self, message: Message) -> None:
        """Post the message."""
        post(self._address, FORMS[self.form](message))


def form_of(address: str) -> str:
    """Return which form an address reads.

    >>> form_of("https://hooks.slack.com/services/T/B/x"), form_of("https://prod-01.westeurope.logic.azure.com:443/x")
    ('slack', 'teams')
    """
    host = (urlsplit(address).hostname or "").lower()
    if host in SLACK:
        return "slack"
    return "teams" if host.endswith(TEAMS) else "plain"


def _slack(message: Message) -> dict[str, Any]:
    facts = [f"*{_safe(name)}* {_safe(value)}" for name, value in message.facts.items()]
    return {"text": "\n".join(filter(None, (f"*{_safe(message.title)}*", _safe(message.text), *facts, message.link)))}


def _safe(text: str) -> str:
    """Slack reads &, < and > as its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(message: Message) -> dict[str, Any]:
    facts = [{"title": name, "value": value} for name, value in message.facts.items()]
    colour = TEAMS_COLOURS.get(message.colour, "default")
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": message.title, "weight": "bolder", "color": colour, "wrap": True},
            {"type": "TextBlock", "text": message.text, "wrap": True},
            {"type": "FactSet", "facts": facts},
        ],
    }
    if message.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": message.link}]
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


def _plain(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "title": message.title,
        "text": message.text,
        "colour": message.colour,
        "facts": dict(message.facts),
        "link": message.link,
    }


FORMS = {"slack": _slack, "teams": _teams, "plain": _plain}
