"""Who may come in, and what they did."""

from __future__ import annotations

from app import admin, widgets
from app.state import admin as state

with widgets.guard():
    view = state.view()

    admin.headline(view)
    admin.shown_once()
    admin.accounts(view)
    admin.keys(view)
    admin.audit(view)
