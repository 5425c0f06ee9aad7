"""The time in front of recordings that are still to be signed, and what was shown meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"], name=op.f("fk_visits_recording_sha256")),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_visits_reader")),
        sa.PrimaryKeyConstraint("recording_sha256", "reader", "study_id", name=op.f("pk_visits")),
    )
