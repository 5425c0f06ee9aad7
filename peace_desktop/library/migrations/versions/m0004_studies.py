"""Studies: protocols, assignments, blind readings with their locked answers, circumstances and adjudications."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WRITABLE = "('draft', 'revealed')"


def _closed(of: str) -> str:
    return f"(SELECT state FROM readings WHERE reading_id = {of}.reading_id) NOT IN {WRITABLE}"


def _draft_only(table: str) -> dict[str, str]:
    refused = "BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END"
    return {
        f"{table}_insert": f"BEFORE INSERT ON {table} WHEN {_closed('NEW')} {refused}",
        f"{table}_update": f"BEFORE UPDATE ON {table} WHEN {_closed('OLD')} OR {_closed('NEW')} "
                           f"{refused}",
        f"{table}_delete": f"BEFORE DELETE ON {table} WHEN {_closed('OLD')} {refused}",
    }


def _kept(table: str, same: str, what: str) -> dict[str, str]:
    refused = f"BEGIN SELECT RAISE(ABORT, '{what} never changes'); END"
    return {
        f"{table}_replace": f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refused}",
        f"{table}_update": f"BEFORE UPDATE ON {table} {refused}",
        f"{table}_delete": f"BEFORE DELETE ON {table} {refused}",
    }


GUARDS = {
    **_draft_only("statements"), **_draft_only("map_ratings"), **_draft_only("time_notes"),
    "readings_locked": """
        BEFORE UPDATE ON readings
        WHEN OLD.locked_at IS NOT NULL AND (NEW.locked_at IS NOT OLD.locked_at
          OR NEW.locked_comment IS NOT OLD.locked_comment OR NEW.locked_confidence IS NOT OLD.locked_confidence
          OR NEW.state = 'draft')
        BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END""",
    "locked_statements_insert": """
        BEFORE INSERT ON locked_statements
        WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) <> 'draft'
          OR EXISTS (SELECT 1 FROM locked_statements WHERE reading_id = NEW.reading_id AND label = NEW.label)
        BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END""",
    "locked_statements_update": """
        BEFORE UPDATE ON locked_statements BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END""",
    "locked_statements_delete": """
        BEFORE DELETE ON locked_statements BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END""",
    "studies_replace": """
        BEFORE INSERT ON studies WHEN EXISTS (SELECT 1 FROM studies WHERE study_id = NEW.study_id)
        BEGIN SELECT RAISE(ABORT, 'a protocol never changes'); END""",
    "studies_update": """
        BEFORE UPDATE ON studies
        WHEN NEW.protocol IS NOT OLD.protocol OR NEW.study_id <> OLD.study_id OR OLD.closed_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a protocol never changes'); END""",
    "studies_delete": "BEFORE DELETE ON studies BEGIN SELECT RAISE(ABORT, 'a study is never deleted'); END",
    **_kept("study_recordings", "study_id = NEW.study_id AND recording_sha256 = NEW.recording_sha256",
            "what a study holds"),
    **_kept("assignments", "study_id = NEW.study_id AND recording_sha256 = NEW.recording_sha256 "
                           "AND reader = NEW.reader", "an assignment"),
    **_kept("circumstances", "reading_id = NEW.reading_id AND stage = NEW.stage", "what surrounded a reading"),
    **_kept("adjudications", "adjudication_id = NEW.adjudication_id OR position = NEW.position", "a decision"),
}


def upgrade() -> None:
    op.add_column("readings", sa.Column("study_id", sa.String(), nullable=False, server_default=""))
    op.add_column("readings", sa.Column("locked_at", sa.String(32)))
    op.add_column("readings", sa.Column("locked_comment", sa.String()))
    op.add_column("readings", sa.Column("locked_confidence", sa.Integer()))
    op.drop_index("uq_readings_first", table_name="readings")
    op.create_index(op.f("uq_readings_first"), "readings", ["recording_sha256", "reader", "study_id"], unique=True,
                    sqlite_where=sa.text("amends IS NULL"))
    op.create_index(op.f("ix_readings_study_id"), "readings", ["study_id"])
    op.create_table(
        "locked_statements",
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_locked_statements_reading_id")),
        sa.PrimaryKeyConstraint("reading_id", "label", name=op.f("pk_locked_statements")),
    )
    op.create_table(
        "map_ratings",
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rating", sa.String(), nullable=False),
        sa.Column("bundle_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_map_ratings_reading_id")),
        sa.PrimaryKeyConstraint("reading_id", "label", "method", name=op.f("pk_map_ratings")),
    )
    op.create_table(
        "time_notes",
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("end_s", sa.Float(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_time_notes_reading_id")),
        sa.PrimaryKeyConstraint("reading_id", "position", name=op.f("pk_time_notes")),
    )
    op.create_table(
        "studies",
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(32)),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_studies")),
        sa.UniqueConstraint("position", name=op.f("uq_studies_position")),
    )
    op.create_table(
        "study_recordings",
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indication", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.study_id"], name=op.f("fk_study_recordings_study_id")),
        sa.ForeignKeyConstraint(["recording_sha256"], ["recordings.sha256"],
                                name=op.f("fk_study_recordings_recording_sha256")),
        sa.PrimaryKeyConstraint("study_id", "recording_sha256", name=op.f("pk_study_recordings")),
    )
    op.create_table(
        "assignments",
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id", "recording_sha256"],
                                ["study_recordings.study_id", "study_recordings.recording_sha256"],
                                name=op.f("fk_assignments_study_id")),
        sa.ForeignKeyConstraint(["reader"], ["readers.name"], name=op.f("fk_assignments_reader")),
        sa.PrimaryKeyConstraint("study_id", "recording_sha256", "reader", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_recording_sha256"), "assignments", ["recording_sha256"])
    op.create_table(
        "circumstances",
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_circumstances_reading_id")),
        sa.PrimaryKeyConstraint("reading_id", "stage", name=op.f("pk_circumstances")),
    )
    op.create_table(
        "adjudications",
        sa.Column("adjudication_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("recording_sha256", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("adjudicator", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["study_id", "recording_sha256"],
                                ["study_recordings.study_id", "study_recordings.recording_sha256"],
                                name=op.f("fk_adjudications_study_id")),
        sa.ForeignKeyConstraint(["adjudicator"], ["readers.name"], name=op.f("fk_adjudications_adjudicator")),
        sa.PrimaryKeyConstraint("adjudication_id", name=op.f("pk_adjudications")),
        sa.UniqueConstraint("position", name=op.f("uq_adjudications_position")),
    )
    op.create_index(op.f("ix_adjudications_study_id"), "adjudications", ["study_id"])
    for name in ("statements_insert", "statements_update", "statements_delete"):
        op.execute(f"DROP TRIGGER guard_{name}")
    for name, text in GUARDS.items():
        op.execute(f"CREATE TRIGGER guard_{name} {text}")
