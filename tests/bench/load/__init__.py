"""Fifty people and twenty programs at once, and what may break under them."""
