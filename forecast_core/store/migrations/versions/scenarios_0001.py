"""Scenarios, their versions and comments."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0001"
down_revision = None
branch_labels = ("scenarios",)
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scenario",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("dataset_id", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("archived", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("decided", sa.Integer),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("deleted_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_scenario"),
    )
    op.create_index("ix_scenario_dataset_id", "scenario", ["dataset_id"])
    op.create_table(
        "scenario_version",
        sa.Column("scenario_id", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.String(120), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("digest", sa.String(12), nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("frozen", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", "number", name="pk_scenario_version"),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name="fk_scenario_version_scenario_id_scenario"),
    )
    op.create_table(
        "scenario_comment",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("scenario_id", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("said_by", sa.String(120), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_scenario_comment"),
        sa.ForeignKeyConstraint(
            ["scenario_id", "number"],
            ["scenario_version.scenario_id", "scenario_version.number"],
            name="fk_scenario_comment_scenario_id_scenario_version",
        ),
    )
    op.create_index("ix_scenario_comment_scenario_id", "scenario_comment", ["scenario_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("scenario_comment", "scenario_version", "scenario"):
        op.drop_table(table)
