"""Readers' own boundaries on the median beat, append-only like every record of what a reader did."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOUNDARIES = ("p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off")
GUARDS = {
    "edits_replace": """
        BEFORE INSERT ON measurement_edits
        WHEN EXISTS (SELECT 1 FROM measurement_edits WHERE edit_id = NEW.edit_id OR position = NEW.position)
        BEGIN SELECT RAISE(ABORT, 'an edited measurement is never replaced'); END""",
    "edits_update": """
        BEFORE UPDATE ON measurement_edits
        BEGIN SELECT RAISE(ABORT, 'an edited measurement never changes'); END""",
    "edits_delete": """
        BEFORE DELETE ON measurement_edits
        BEGIN SELECT RAISE(ABORT, 'an edited measurement never changes'); END""",
}


def upgrade() -> None:
    op.create_table(
        "measurement_edits",
        sa.Column("edit_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        *(sa.Column(f"automatic_{name}_ms", sa.Float(), nullable=not name.startswith("qrs")) for name in BOUNDARIES),
        *(sa.Column(f"{name}_ms", sa.Float()) for name in BOUNDARIES),
        sa.CheckConstraint("(qrs_on_ms IS NULL) = (qrs_off_ms IS NULL)", name=op.f("ck_measurement_edits_qrs")),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_measurement_edits_recording_sha256")),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_measurement_edits_reader")),
        sa.PrimaryKeyConstraint("edit_id", name=op.f("pk_measurement_edits")),
        sa.UniqueConstraint("position", name=op.f("uq_measurement_edits_position")),
    )
    op.create_index(op.f("ix_measurement_edits_recording_sha256"), "measurement_edits", ["recording_sha256"])
    for name, text in GUARDS.items():
        op.execute(f"CREATE TRIGGER guard_{name} {text}")
