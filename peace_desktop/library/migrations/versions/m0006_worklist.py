"""The worklist of a large library: what it is searched and sorted by, flags, kept filters and thumbnails."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_QUIET = frozenset({"simulated", "age_unknown", "sex_unknown"})


def upgrade() -> None:
    op.add_column("recordings", sa.Column("search", sa.String(), nullable=False, server_default=""))
    op.add_column("recordings", sa.Column("n_findings", sa.Integer(), nullable=False, server_default="0"))
    connection = op.get_bind()
    found = connection.exec_driver_sql(
        "SELECT rowid, title, patient_key, source_format, finding_codes FROM recordings").all()
    for number, title, patient_key, source_format, codes in found:
        connection.exec_driver_sql("UPDATE recordings SET search = ?, n_findings = ? WHERE rowid = ?", (
            f"{title or patient_key}\n{patient_key}\n{source_format}".casefold(),
            len(set(codes.split()) - _QUIET), number))
    op.create_index(op.f("ix_recordings_worklist"), "recordings", [
        "search", "age_days", "sex", "source_format", "simulated", "finding_codes", "n_findings", "recorded_at"])
    for column in ("age_days", "sex", "source_format", "recorded_at", "n_findings"):
        op.create_index(op.f(f"ix_recordings_{column}"), "recordings", [column])
    op.create_index(op.f("ix_readings_newest"), "readings",
                    ["reader", "recording_sha256", "position", "state", "amends"])
    op.create_table(
        "flags",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("recording_sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_flags_reader")),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"], name=op.f("fk_flags_recording_sha256")),
        sa.PrimaryKeyConstraint("reader", "recording_sha256", name=op.f("pk_flags")),
    )
    op.create_table(
        "kept_filters",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_kept_filters_reader")),
        sa.PrimaryKeyConstraint("reader", "name", name=op.f("pk_kept_filters")),
    )
    op.create_table(
        "thumbnails",
        sa.Column("recording_sha256", sa.String(64), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_thumbnails_recording_sha256")),
        sa.PrimaryKeyConstraint("recording_sha256", name=op.f("pk_thumbnails")),
    )
