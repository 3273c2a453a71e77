"""The kept score, alarms and what is told of them."""

import sqlalchemy as sa
from alembic import op

revision = "watch_0001"
down_revision = None
branch_labels = ("watch",)
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "watch_link",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(300), nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_watch_link"),
        sa.UniqueConstraint("subject", "kind", "ref", name="uq_watch_link_subject_kind_ref"),
    )
    op.create_table(
        "watch_journal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_journal"),
        sa.UniqueConstraint("subject", "kind", "ref", name="uq_watch_journal_subject_kind_ref"),
    )
    op.create_table(
        "watch_alarm",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("since", sa.String(7), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_alarm"),
        sa.UniqueConstraint("subject", "key", "since", name="uq_watch_alarm_subject_key_since"),
    )
    op.create_index("ix_watch_alarm_subject_state", "watch_alarm", ["subject", "state"])
    op.create_table(
        "watch_change",
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("id", sa.String(600), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("subject", "id", name="pk_watch_change"),
    )
    op.create_table(
        "watch_delivery",
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("change_id", sa.String(600), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject", "change_id", "channel", name="pk_watch_delivery"),
        sa.ForeignKeyConstraint(
            ["subject", "change_id"],
            ["watch_change.subject", "watch_change.id"],
            name="fk_watch_delivery_subject_change_id_watch_change",
        ),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("watch_delivery", "watch_change", "watch_alarm", "watch_journal", "watch_link"):
        op.drop_table(table)
