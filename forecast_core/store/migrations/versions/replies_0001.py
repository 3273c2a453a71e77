"""Answers to writes, kept under idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "replies_0001"
down_revision = None
branch_labels = ("replies",)
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reply",
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("who", "key", name="pk_reply"),
    )
    op.create_index("ix_reply_at", "reply", ["at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("reply")
