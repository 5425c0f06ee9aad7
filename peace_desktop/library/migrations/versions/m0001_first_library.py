"""The first library: recordings, people, readings, predictions, audit trail, and the triggers that guard them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GUARDS = {
    "audit_append": """
        BEFORE INSERT ON audit WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END""",
    "audit_update": "BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END",
    "audit_delete": "BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END",
    "corrections_update": """
        BEFORE UPDATE ON person_corrections
        BEGIN SELECT RAISE(ABORT, 'the history of corrections never changes'); END""",
    "corrections_delete": """
        BEFORE DELETE ON person_corrections
        BEGIN SELECT RAISE(ABORT, 'the history of corrections never changes'); END""",
    # REPLACE deletes without delete triggers, so a second row with the same id is refused before it can.
    "readings_replace": """
        BEFORE INSERT ON readings WHEN EXISTS (SELECT 1 FROM readings WHERE reading_id = NEW.reading_id)
        BEGIN SELECT RAISE(ABORT, 'a reading is never replaced'); END""",
    "readings_update": """
        BEFORE UPDATE ON readings WHEN OLD.state IN ('final', 'amended')
        BEGIN SELECT RAISE(ABORT, 'a final reading never changes'); END""",
    "readings_delete": """
        BEFORE DELETE ON readings WHEN OLD.state <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'a final reading is never deleted'); END""",
    "statements_insert": """
        BEFORE INSERT ON statements
        WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END""",
    "statements_update": """
        BEFORE UPDATE ON statements
        WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) <> 'draft'
          OR (SELECT state FROM readings WHERE reading_id = NEW.reading_id) <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END""",
    "statements_delete": """
        BEFORE DELETE ON statements
        WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END""",
}


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "readers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_readers")),
    )
    op.create_table(
        "person_names",
        sa.Column("patient_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("patient_key", name=op.f("pk_person_names")),
    )
    op.create_table(
        "recordings",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("origin_name", sa.String(), nullable=False),
        sa.Column("source_format", sa.String(), nullable=False),
        sa.Column("main_file", sa.String(), nullable=False),
        sa.Column("leads", sa.String(), nullable=False),
        sa.Column("n_leads", sa.Integer(), nullable=False),
        sa.Column("fs_hz", sa.Float(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("recorded_at", sa.String(32)),
        sa.Column("patient_key", sa.String(), nullable=False),
        sa.Column("file_age_days", sa.Integer()),
        sa.Column("file_age_precision", sa.String()),
        sa.Column("file_age_origin", sa.String()),
        sa.Column("file_sex", sa.String()),
        sa.Column("file_statements", sa.String(), nullable=False),
        sa.Column("age_days", sa.Integer()),
        sa.Column("age_precision", sa.String()),
        sa.Column("age_origin", sa.String()),
        sa.Column("sex", sa.String()),
        sa.Column("gestational_age_weeks", sa.Integer()),
        sa.Column("person_corrected", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("finding_codes", sa.String(), nullable=False),
        sa.Column("read_fs_hz", sa.Float()),
        sa.Column("read_unit", sa.String()),
        sa.Column("imported_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_recordings")),
    )
    op.create_index(op.f("ix_recordings_patient_key"), "recordings", ["patient_key"])
    op.create_index(op.f("ix_recordings_imported_at"), "recordings", ["imported_at"])
    op.create_table(
        "recording_files",
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_recording_files_recording_sha256")),
        sa.PrimaryKeyConstraint("recording_sha256", "position", name=op.f("pk_recording_files")),
    )
    op.create_table(
        "person_corrections",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("age_days", sa.Integer()),
        sa.Column("age_precision", sa.String()),
        sa.Column("age_origin", sa.String()),
        sa.Column("sex", sa.String()),
        sa.Column("gestational_age_weeks", sa.Integer()),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_person_corrections_recording_sha256")),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_person_corrections_reader")),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_person_corrections")),
    )
    op.create_index(op.f("ix_person_corrections_recording_sha256"), "person_corrections", ["recording_sha256"])
    op.create_table(
        "readings",
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("confidence", sa.Integer()),
        sa.Column("meaning", sa.String()),
        sa.Column("signed_at", sa.String(32)),
        sa.Column("amends", sa.String()),
        sa.Column("amendment_reason", sa.String(), nullable=False),
        sa.Column("bundle_sha256", sa.String()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("saved_at", sa.String(32), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 1 AND 5", name=op.f("ck_readings_confidence")),
        sa.CheckConstraint("(state IN ('final', 'amended')) = (signed_at IS NOT NULL AND meaning IS NOT NULL)",
                           name=op.f("ck_readings_signed")),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_readings_recording_sha256")),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_readings_reader")),
        sa.ForeignKeyConstraint(["amends"], ["readings.reading_id"], name=op.f("fk_readings_amends")),
        sa.PrimaryKeyConstraint("reading_id", name=op.f("pk_readings")),
        sa.UniqueConstraint("position", name=op.f("uq_readings_position")),
        sa.UniqueConstraint("amends", name=op.f("uq_readings_amends")),
    )
    op.create_index(op.f("ix_readings_recording_sha256"), "readings", ["recording_sha256"])
    op.create_index(op.f("uq_readings_first"), "readings", ["recording_sha256", "reader"], unique=True,
                    sqlite_where=sa.text("amends IS NULL"))
    op.create_table(
        "statements",
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("bundle_sha256", sa.String()),
        sa.Column("model_positive", sa.Boolean()),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_statements_reading_id")),
        sa.PrimaryKeyConstraint("reading_id", "label", name=op.f("pk_statements")),
    )
    op.create_table(
        "predictions",
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("bundle_sha256", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("positive", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_predictions_recording_sha256")),
        sa.PrimaryKeyConstraint("recording_sha256", "bundle_sha256", "label", name=op.f("pk_predictions")),
    )
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_utc", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("previous_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"])
    for name, text in GUARDS.items():
        op.execute(f"CREATE TRIGGER guard_{name} {text}")
