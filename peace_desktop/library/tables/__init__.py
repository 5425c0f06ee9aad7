"""The tables. The migrations make them (and the triggers that guard them); a test holds both against each other."""

from peace_desktop.library.tables.base import Base
from peace_desktop.library.tables.readings import (
    CircumstancesRow,
    FlagRow,
    KeptFilterRow,
    LockedStatementRow,
    MapRatingRow,
    ReaderRow,
    ReadingRow,
    StatementRow,
    TimeNoteRow,
    VisitRow,
)
from peace_desktop.library.tables.recordings import (
    AssociatedFindingRow,
    CorrectionRow,
    MeasurementEditRow,
    PersonNameRow,
    PredictionRow,
    RecordingFileRow,
    StoredRecordingRow,
    ThumbnailRow,
)
from peace_desktop.library.tables.studies import AdjudicationRow, AssignmentRow, StudyRecordingRow, StudyRow
from peace_desktop.library.tables.trail import AuditRow, MetaRow

__all__ = [
    "AdjudicationRow", "AssignmentRow", "AssociatedFindingRow", "AuditRow", "Base", "CircumstancesRow",
    "CorrectionRow", "FlagRow", "KeptFilterRow", "LockedStatementRow", "MapRatingRow", "MeasurementEditRow",
    "MetaRow", "PersonNameRow", "PredictionRow", "ReaderRow", "ReadingRow", "RecordingFileRow", "StatementRow",
    "StoredRecordingRow", "StudyRecordingRow", "StudyRow", "ThumbnailRow", "TimeNoteRow", "VisitRow",
]
