"""Migrations: a chain of revisions per subject."""
