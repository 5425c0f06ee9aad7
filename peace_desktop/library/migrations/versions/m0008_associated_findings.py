"""What heads for abnormalities say of recordings, beside the predictions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "associated_findings",
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("bundle_sha256", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_associated_findings_recording_sha256")),
        sa.PrimaryKeyConstraint("recording_sha256", "bundle_sha256", "code", name=op.f("pk_associated_findings")),
    )
