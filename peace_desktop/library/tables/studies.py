"""Studies: what is read by whom, and what adjudicators decided."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peace_desktop.library.tables.base import Base, UtcTime


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


class AdjudicationRow(Base):
    """One decision; append-only (triggers), the latest on a label counts."""

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
