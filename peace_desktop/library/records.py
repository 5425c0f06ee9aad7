"""What the library takes and gives: frozen values, never live rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from peace_desktop.library.thumbnails import Thumbnail
from peace_desktop.review.reading import ReadingState
from peace_model.ecg.age import Age
from peace_model.ecg.recording import Sex


class Unchanged(Enum):
    """Stands for "as it was" where None already means "unknown"."""

    UNCHANGED = "unchanged"


class Keep(Enum):
    """What of a person an import keeps; NOTHING is the default.

    NAME also keeps the original files and the true dates, NAME_AND_BIRTH_DATE the birth date besides.
    """

    NOTHING = "nothing"
    NAME = "name"
    NAME_AND_BIRTH_DATE = "name and birth date"


@dataclass(frozen=True)
class StoredRecording:
    """The answer to an import: duplicate is True when the same bytes were in the library already, named when such a
    one brought a name or birth date that the library did not have.
    """

    sha256: str
    title: str
    path: Path
    duplicate: bool = False
    named: bool = False


@dataclass(frozen=True)
class RecordingRow:
    """One line of the worklist.

    identified: the original files are kept as they came, and the name where there was one. date_shifted: recorded_at
    differs from the true date by a number of days that is the same for all recordings of the patient.
    number: its row in the library, in the order of import. age, sex: what holds now, corrected or from the file.
    reading_state: of the acting reader's newest reading (AMENDED when that is a signed amendment), None without one.
    others_signed: how many other readers have signed, None where that reader must not know yet. n_findings: those that
    say something of its quality. flagged: by the acting reader. thumbnail: None while there is none.
    """

    number: int
    sha256: str
    title: str
    source_format: str
    recorded_at: datetime | None
    patient_key: str
    age: Age | None
    sex: Sex | None
    duration_s: float
    n_leads: int
    simulated: bool
    reading_state: ReadingState | None
    finding_codes: tuple[str, ...]
    imported_at: datetime
    identified: bool = False
    date_shifted: bool = False
    others_signed: int | None = None
    n_findings: int = 0
    flagged: bool = False
    thumbnail: Thumbnail | None = None


@dataclass(frozen=True)
class Person:
    """What is known of the child of one recording, and what the file had said.

    age, sex: what holds now. corrected: a reader has entered or corrected something; then corrected_by, corrected_at
    and reason say who, when and why. gestational_age_weeks: entered by a reader, None when unknown.
    """

    age: Age | None
    sex: Sex | None
    corrected: bool
    file_age: Age | None
    file_sex: Sex | None
    gestational_age_weeks: int | None = None
    corrected_by: str = ""
    corrected_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class StoredPrediction:
    """One label of a stored prediction; probability and threshold in [0, 1]."""

    label: str
    probability: float
    threshold: float
    positive: bool
    bundle_sha256: str


@dataclass(frozen=True)
class AuditHead:
    """The newest link of the audit chain; sequence 0 before the first."""

    sequence: int
    sha256: str
