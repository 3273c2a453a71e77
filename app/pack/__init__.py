"""What is handed around: the board pack as PDF and slides, the story for a meeting, pictures and tables, JSON.

In:    `Material`: an open question answered once, its options, the stamp.
Out:   files as bytes.
Never: computes; leaves out the stamp; needs a network, a browser or a display.
"""

from app.pack.kinds import KINDS, Kind
from app.pack.material import THIS, TODAY, Material, Option, gather, usual_options
from app.pack.page import Deck, Page, Report

__all__ = ["KINDS", "THIS", "TODAY", "Deck", "Kind", "Material", "Option", "Page", "Report", "gather", "usual_options"]
