"""Recordings, whose they are, and what was computed or measured of them. Names stand in `person_names` alone."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from peace_desktop.library.tables.base import Base, LocalTime, UtcTime


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


class RecordingFileRow(Base):
    """One copied file of a recording."""

    __tablename__ = "recording_files"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]


class ThumbnailRow(Base):
    """points: see `thumbnails`."""

    __tablename__ = "thumbnails"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    lead: Mapped[str]
    points: Mapped[bytes]


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


class AssociatedFindingRow(Base):
    """What the head for abnormalities of each bundle said of each recording, beside its predictions.

    document: the finding with its evidence, so that it can be told without the bundle.
    """

    __tablename__ = "associated_findings"
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recordings.sha256"), primary_key=True)
    bundle_sha256: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    document: Mapped[str]


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
