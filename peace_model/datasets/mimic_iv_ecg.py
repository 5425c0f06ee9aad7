"""MIMIC-IV-ECG 1.0 in its published layout: record_list.csv and machine_measurements.csv, joined on the study.

Gow et al., PhysioNet (2023). Leads come as I II III aVR aVF aVL V1-V6 and go by name here. The data set knows neither
age nor sex: MIMIC-IV's patients table gives both, as an age in an anchor year of the patient's shifted calendar.
"""

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from peace_model.datasets.source import Dropped, RowFacts, Source, SourceRow
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.age import days_from_years
from peace_model.ecg.formats import registry
from peace_model.ecg.recording import Recording, Sex

RECORDS, MEASUREMENTS = "record_list.csv", "machine_measurements.csv"
DATASET = "mimic_iv_ecg"
REPORTS = tuple(f"report_{number}" for number in range(18))
MEASURED = ("rr_interval", "p_onset", "p_end", "qrs_onset", "qrs_end", "t_end", "p_axis", "qrs_axis", "t_axis")
NOT_MEASURABLE = frozenset({29999.0, 32767.0, -32768.0, 65535.0})
"""What the machine writes in place of a number it could not measure."""
UNMEASURED_FLAG = "machine_could_not_measure"
_SEX: dict[str, Sex | None] = {"F": "F", "M": "M", "": None}
_REMEDY = "use the tables of MIMIC-IV-ECG 1.0"


@dataclass(frozen=True)
class Patient:
    """What MIMIC-IV's patients table says; age in years in the anchor year, 91 for everyone older than 89."""

    sex: Sex | None
    anchor_age: int
    anchor_year: int


@dataclass(frozen=True)
class Study:
    """What the machine said of one recording, and which of its numbers it could not measure."""

    statements: tuple[str, ...]
    unmeasured: tuple[str, ...]


def source(folder: Path, *, patients: Path | None = None) -> Source:
    """The data set. patients: MIMIC-IV's patients.csv or patients.csv.gz; age and sex stay unknown without it."""
    people = {} if patients is None else read_patients(patients)
    studies = read_studies(folder)
    kept, dropped = [], []
    for row in read_rows(folder / RECORDS, ("subject_id", "study_id", "ecg_time", "path"), remedy=_REMEDY):
        name, subject = row.needed("study_id"), row.needed("subject_id")
        study = studies.get(name)
        path = row.needed("path")
        if study is None:
            dropped.append(Dropped(name, "machine measurements: none of this study"))
        elif not study.statements:
            dropped.append(Dropped(name, "machine measurements: no statement, so no label is known"))
        elif not (folder / f"{path}.hea").is_file():
            dropped.append(Dropped(name, "signal files: none here"))
        else:
            person = people.get(subject)
            age = None if person is None else _age_days(row, person)
            flags = (UNMEASURED_FLAG,) if study.unmeasured else ()
            facts = RowFacts(name, subject, age, None if person is None else person.sex, study.statements, flags=flags)
            kept.append(SourceRow(facts, partial(read_recording, folder, path, patient=subject),
                                   (folder / f"{path}.hea",)))
    notes = () if patients is not None else (
        "Age and sex are unknown: name MIMIC-IV's patients.csv with --table to join them.",)
    return Source(DATASET, kept, tuple(dropped), notes)


def read_recording(folder: Path, path: str, *, patient: str) -> Recording:
    """One recording, shorter ones as they are. Raises RecordingError."""
    return replace(registry.read_recording(folder / f"{path}.hea"), patient_key=f"mimic-{patient}")


def read_studies(folder: Path) -> dict[str, Study]:
    """What the machine said of every study. Raises RecordingError, also for a study that stands there twice."""
    studies: dict[str, Study] = {}
    for row in read_rows(folder / MEASUREMENTS, ("study_id", *REPORTS, *MEASURED), remedy=_REMEDY):
        name = row.needed("study_id")
        if name in studies:
            raise row.error("study_id", "this study has a row already")
        # The machine's sentences repeat a million times; one copy of each is kept.
        lines = tuple(sys.intern(text) for text in map(row.text, REPORTS) if text)
        studies[name] = Study(lines, tuple(column for column in MEASURED if not _was_measured(row, column)))
    return studies


def read_patients(path: Path) -> dict[str, Patient]:
    """Sex and anchors by subject. Raises RecordingError."""
    columns = ("subject_id", "gender", "anchor_age", "anchor_year")
    rows = read_rows(path, columns, remedy="use patients.csv of MIMIC-IV's module hosp")
    return {row.needed("subject_id"): Patient(
        row.one_of("gender", _SEX), row.whole("anchor_age"), row.whole("anchor_year")) for row in rows}


def _was_measured(row: TableRow, column: str) -> bool:
    return bool(row.text(column)) and row.number_in(column) not in NOT_MEASURABLE


def _age_days(row: TableRow, person: Patient) -> float:
    """First day of the completed year in the year of the recording."""
    try:
        year = datetime.fromisoformat(row.text("ecg_time")).year
    except ValueError as error:
        raise row.error("ecg_time", "not a date and time such as 2180-07-23 08:44:00") from error
    return float(days_from_years(max(0, person.anchor_age + year - person.anchor_year)))
