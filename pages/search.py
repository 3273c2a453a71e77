"""Which setting reaches a goal, which policy is best, and what matters most?"""

from __future__ import annotations

from app import search, widgets

PARTS = {"goal": search.goal, "policy": search.policy, "tornado": search.tornado}

with widgets.guard():
    PARTS[search.kind()]()
    widgets.stamp()
