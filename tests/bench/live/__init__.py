"""How fast the live component answers: against stock widgets and a naive page, for many people, on a slow line."""
