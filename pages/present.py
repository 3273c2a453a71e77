"""What do we show in the meeting?"""

from __future__ import annotations

from app import exporting, widgets

widgets.headline("Present: press Full screen, then the arrow keys")
with widgets.guard():
    exporting.presentation()
    widgets.stamp()
