"""Readers, what they keep for themselves, and their readings with everything that belongs to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from peace_desktop.library.tables.base import Base, UtcTime


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
