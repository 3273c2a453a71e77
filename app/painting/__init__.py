"""Pictures as files: the same figures that the browser draws, painted without one.

In:    a `Picture`: plain Plotly dictionaries.
Out:   PNG and SVG as bytes.
Never: needs a network, a browser or a display; draws anything that is not in the figure.
"""

from app.painting.painter import Paper, png, svg

__all__ = ["Paper", "png", "svg"]
