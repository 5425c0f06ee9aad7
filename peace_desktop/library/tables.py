"""The tables. The migrations make them (and the triggers that guard them); a test holds both against each other.

Times are text, ISO 8601 in UTC, except `recorded_at`, the recorder's own local time. Names of patients stand in
`person_names` alone.
"""

from datetime import UTC, date, datetime

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    TypeDecorator,
    false,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from peace_desktop.library.canonical import utc_text


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, stored as sortable text in UTC."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


class LocalTime(TypeDecorator[datetime]):
    """A moment on the recorder's clock, without a zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.replace(tzinfo=None).isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    })


class MetaRow(Base):
    """library_id, created_at, application_version, pseudonym_salt, patient_secret."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class StoredRecordingRow(Base):
    """What the file says (file_*) and what holds now (age_*, sex): equal until a reader corrects it.

    main_file: "recording.json" of the stored form, or, in libraries before schema 0003, the copied file itself.
    identified: the original files are kept as they came. title, origin_name, file_statements: without identity.
    search: what the worklist's search looks through, casefolded, the title first. n_findings: see `recordings`.
    """

    __tablename__ = "recordings"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str]
    origin_name: Mapped[str]
    source_format: Mapped[str] = mapped_column(index=True)
    main_file: Mapped[str]
    leads: Mapped[str]
    n_leads: Mapped[int]
    fs_hz: Mapped[float] = mapped_column(Float)
    duration_s: Mapped[float] = mapped_column(Float)
    recorded_at: Mapped[datetime | None] = mapped_column(LocalTime, index=True)
    patient_key: Mapped[str] = mapped_column(index=True)
    file_age_days: Mapped[int | None]
    file_age_precision: Mapped[str | None]
    file_age_origin: Mapped[str | None]
    file_sex: Mapped[str | None]
    file_statements: Mapped[str]
    age_days: Mapped[int | None] = mapped_column(index=True)
    age_precision: Mapped[str | None]
    age_origin: Mapped[str | None]
    sex: Mapped[str | None] = mapped_column(index=True)
    gestational_age_weeks: Mapped[int | None]
    person_corrected: Mapped[bool]
    simulated: Mapped[bool]
    finding_codes: Mapped[str]
    read_fs_hz: Mapped[float | None] = mapped_column(Float)
    read_unit: Mapped[str | None]
    imported_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    identified: Mapped[bool] = mapped_column(server_default=true())
    date_shifted: Mapped[bool] = mapped_column(server_default=false())
    search: Mapped[str] = mapped_column(server_default="")
    n_findings: Mapped[int] = mapped_column(server_default="0", index=True)


Index("ix_recordings_worklist", StoredRecordingRow.search, StoredRecordingRow.age_days, StoredRecordingRow.sex,
      StoredRecordingRow.source_format, StoredRecordingRow.simulated, StoredRecordingRow.finding_codes,
      StoredRecordingRow.n_findings, StoredRecordingRow.recorded_at)


class ThumbnailRow(Base):
    """points: see `thumbnails`."""

    __tablename__ = "thumbnails"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    lead: Mapped[str]
    points: Mapped[bytes]


class FlagRow(Base):
    """A reader's own mark on a recording."""

    __tablename__ = "flags"
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"), primary_key=True)
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)


class KeptFilterRow(Base):
    """A filter of the worklist under the name a reader gave it. document: canonical JSON."""

    __tablename__ = "kept_filters"
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]


class RecordingFileRow(Base):
    """One copied file of a recording."""

    __tablename__ = "recording_files"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]


class CorrectionRow(Base):
    """One correction of age, sex or gestational age: the values that hold from then on. Append-only."""

    __tablename__ = "person_corrections"
    correction_id: Mapped[int] = mapped_column(primary_key=True)
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), index=True)
    age_days: Mapped[int | None]
    age_precision: Mapped[str | None]
    age_origin: Mapped[str | None]
    sex: Mapped[str | None]
    gestational_age_weeks: Mapped[int | None]
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class PersonNameRow(Base):
    """The only place where a patient's name stands, and, where it was asked for, the birth date."""

    __tablename__ = "person_names"
    patient_key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    birth_date: Mapped[date | None]


class ReaderRow(Base):
    """passphrase: what is kept of it (see `passphrases`), None while the reader has none.

    failures: wrong passphrases since the last right one; failed_at: the last of them.
    """

    __tablename__ = "readers"
    name: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    role: Mapped[str] = mapped_column(server_default="reader")
    active: Mapped[bool] = mapped_column(server_default=true())
    passphrase: Mapped[str | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    failed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ReadingRow(Base):
    """One reading; its row never changes once final, nor what was locked of it (triggers). study_id: "" for none."""

    __tablename__ = "readings"
    reading_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), index=True)
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"))
    mode: Mapped[str]
    state: Mapped[str]
    comment: Mapped[str]
    confidence: Mapped[int | None]
    meaning: Mapped[str | None]
    signed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    amends: Mapped[str | None] = mapped_column(ForeignKey("readings.reading_id"), unique=True)
    amendment_reason: Mapped[str]
    bundle_sha256: Mapped[str | None]
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    saved_at: Mapped[datetime] = mapped_column(UtcTime)
    study_id: Mapped[str] = mapped_column(server_default="", index=True)
    locked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    locked_comment: Mapped[str | None]
    locked_confidence: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("confidence BETWEEN 1 AND 5", name="confidence"),
        CheckConstraint("(state IN ('final', 'amended')) = (signed_at IS NOT NULL AND meaning IS NOT NULL)",
                        name="signed"),
    )


Index("uq_readings_first", ReadingRow.recording_sha256, ReadingRow.reader, ReadingRow.study_id, unique=True,
      sqlite_where=ReadingRow.amends.is_(None))
Index("ix_readings_newest", ReadingRow.reader, ReadingRow.recording_sha256, ReadingRow.position, ReadingRow.state,
      ReadingRow.amends)


class StatementRow(Base):
    __tablename__ = "statements"
    reading_id: Mapped[str] = mapped_column(ForeignKey("readings.reading_id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    presence: Mapped[str]
    via: Mapped[str]
    bundle_sha256: Mapped[str | None]
    model_positive: Mapped[bool | None]


class LockedStatementRow(Base):
    """One answer of a blind reading as it was locked; never changes (triggers)."""

    __tablename__ = "locked_statements"
    reading_id: Mapped[str] = mapped_column(ForeignKey("readings.reading_id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    presence: Mapped[str]


class MapRatingRow(Base):
    __tablename__ = "map_ratings"
    reading_id: Mapped[str] = mapped_column(ForeignKey("readings.reading_id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    rating: Mapped[str]
    bundle_sha256: Mapped[str]


class TimeNoteRow(Base):
    __tablename__ = "time_notes"
    reading_id: Mapped[str] = mapped_column(ForeignKey("readings.reading_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    start_s: Mapped[float] = mapped_column(Float)
    end_s: Mapped[float] = mapped_column(Float)
    lead: Mapped[str]
    text: Mapped[str]


class StudyRow(Base):
    """protocol: canonical JSON; it never changes (trigger)."""

    __tablename__ = "studies"
    study_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    protocol: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class StudyRecordingRow(Base):
    __tablename__ = "study_recordings"
    study_id: Mapped[str] = mapped_column(ForeignKey("studies.study_id"), primary_key=True)
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    position: Mapped[int]
    indication: Mapped[str]


class AssignmentRow(Base):
    """position: place in the reader's order."""

    __tablename__ = "assignments"
    study_id: Mapped[str] = mapped_column(primary_key=True)
    recording_sha256: Mapped[str] = mapped_column(primary_key=True, index=True)
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"), primary_key=True)
    position: Mapped[int]

    __table_args__ = (ForeignKeyConstraint(
        ["study_id", "recording_sha256"], ["study_recordings.study_id", "study_recordings.recording_sha256"]),)


class CircumstancesRow(Base):
    """What surrounded a reading at its lock or signature, as canonical JSON. Append-only (triggers)."""

    __tablename__ = "circumstances"
    reading_id: Mapped[str] = mapped_column(ForeignKey("readings.reading_id"), primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]


class VisitRow(Base):
    """See `visits`. study_id: "" for none. shown: canonical JSON."""

    __tablename__ = "visits"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"), primary_key=True)
    study_id: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[float] = mapped_column(Float)
    shown: Mapped[str]


class AdjudicationRow(Base):
    """One decision; append-only (triggers), the newest on a label counts."""

    __tablename__ = "adjudications"
    adjudication_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    study_id: Mapped[str] = mapped_column(index=True)
    recording_sha256: Mapped[str]
    label: Mapped[str]
    presence: Mapped[str]
    adjudicator: Mapped[str] = mapped_column(ForeignKey("readers.name"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str]

    __table_args__ = (ForeignKeyConstraint(
        ["study_id", "recording_sha256"], ["study_recordings.study_id", "study_recordings.recording_sha256"]),)


class MeasurementEditRow(Base):
    """One edit of the median beat's boundaries, ms from R, beside the automatic ones; without a QRS "as measured".

    Append-only (triggers). reading_id is no foreign key: a draft may be discarded, what was edited in it stays.
    """

    __tablename__ = "measurement_edits"
    edit_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), index=True)
    reading_id: Mapped[str]
    reader: Mapped[str] = mapped_column(ForeignKey("readers.name"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    automatic_p_on_ms: Mapped[float | None] = mapped_column(Float)
    automatic_p_off_ms: Mapped[float | None] = mapped_column(Float)
    automatic_qrs_on_ms: Mapped[float] = mapped_column(Float)
    automatic_qrs_off_ms: Mapped[float] = mapped_column(Float)
    automatic_t_on_ms: Mapped[float | None] = mapped_column(Float)
    automatic_t_off_ms: Mapped[float | None] = mapped_column(Float)
    p_on_ms: Mapped[float | None] = mapped_column(Float)
    p_off_ms: Mapped[float | None] = mapped_column(Float)
    qrs_on_ms: Mapped[float | None] = mapped_column(Float)
    qrs_off_ms: Mapped[float | None] = mapped_column(Float)
    t_on_ms: Mapped[float | None] = mapped_column(Float)
    t_off_ms: Mapped[float | None] = mapped_column(Float)

    __table_args__ = (CheckConstraint("(qrs_on_ms IS NULL) = (qrs_off_ms IS NULL)", name="qrs"),)


class PredictionRow(Base):
    """The newest summary of each bundle for each recording; older ones live on as hashes in the audit trail."""

    __tablename__ = "predictions"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    bundle_sha256: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    probability: Mapped[float] = mapped_column(Float)
    threshold: Mapped[float] = mapped_column(Float)
    positive: Mapped[bool]


class AuditRow(Base):
    """One link of the chain. Append-only (triggers)."""

    __tablename__ = "audit"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_utc: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    payload: Mapped[str]
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
