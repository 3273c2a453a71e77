"""What Alembic runs around the revisions; the connection is handed over by `forecast_core.store.migrate`."""

from alembic import context

context.configure(**context.config.attributes["given"])
context.run_migrations()
