"""Libraries whose worklist is long: rows without files, put in by the thousand."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from peace_desktop.library.recordings import QUIET_FINDINGS, search_words
from peace_desktop.library.repository import Library
from peace_desktop.library.tables import StoredRecordingRow


@dataclass(frozen=True)
class Line:
    """One recording of such a library, its hash made of its title."""

    title: str
    patient_key: str = ""
    source_format: str = "wfdb"
    age_days: int | None = None
    sex: str | None = None
    codes: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    simulated: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.title.encode()).hexdigest()


def add_lines(library: Library, lines: Iterable[Line]) -> None:
    """Lists them in this order, as `recordings.add` does, without files and audit trail."""
    with library.write("application") as (session, act):
        session.execute(insert(StoredRecordingRow), [_values(line, act.at) for line in lines])


def _values(line: Line, at: datetime) -> Mapping[str, object]:
    known = line.age_days is not None
    return {
        "sha256": line.sha256, "title": line.title, "origin_name": "", "source_format": line.source_format,
        "main_file": "recording.json", "leads": "I II III", "n_leads": 3, "fs_hz": 500.0, "duration_s": 10.0,
        "recorded_at": line.recorded_at, "patient_key": line.patient_key, "file_age_days": line.age_days,
        "file_age_precision": "day" if known else None, "file_age_origin": "file header" if known else None,
        "file_sex": line.sex, "file_statements": "[]", "age_days": line.age_days,
        "age_precision": "day" if known else None, "age_origin": "file header" if known else None, "sex": line.sex,
        "gestational_age_weeks": None, "person_corrected": False, "simulated": line.simulated,
        "finding_codes": " ".join(line.codes), "read_fs_hz": None, "read_unit": None, "imported_at": at,
        "n_findings": len(set(line.codes) - QUIET_FINDINGS),
        "search": search_words(title=line.title, patient_key=line.patient_key, source_format=line.source_format)}
