"""How long a slider move takes until every chart is repainted, against a naive version of the same page."""
