"""ZZU-pECG in its published layout: children's ECGs of 9 or 12 leads, with AHA statements in AttributesDictionary.csv.

Tan et al., Scientific Data 12:867 (2025), figshare 27078763. The table's file names leave out the folder Child_ecg.
Headers spell AVR, AVL, AVF and give every lead its own gain and baseline; nine-lead recordings hold the limb leads and
V1 V3 V5, no prefix of the twelve: leads go by name, never by place. Where AHA has no code the table holds prose.
Diseases stand as ICD-10 codes, some with a prefix of the data set's own: (FO) Q21.1, (F) I40.0. A recording keeps them
among its statements, marked as diagnoses, so that a code of the one system is never taken for one of the other.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from peace_model.datasets.source import Dropped, RowFacts, Source, SourceRow
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.formats import registry
from peace_model.ecg.recording import Recording, RecordingError, Sex
from peace_model.labels import DEFAULT_PROFILE, DIAGNOSIS, load_code_map, load_profile

TABLE = "AttributesDictionary.csv"
SIGNALS = "Child_ecg"
DATASET = "zzu_pecg"
COLUMNS = ("Filename", "ECG_ID", "Patient_ID", "Age", "Gender", "Lead", "AHA_code", "ICD-10 code")
REMEDY = f"use the {TABLE} of ZZU-pECG"
_SEX: dict[str, Sex] = {"Female": "F", "Male": "M"}
_AGE = re.compile(r"(\d{1,5})d", re.ASCII)
_CODE = re.compile(r"[A-Z]\(?\d|(Suggests|Consider|Modifier)\d")
_EXAMPLES = {"AHA_code": "'A1';'L145+Modifier362'", "ICD-10 code": "'(FO) Q21.1';'I08.0'"}
_SHOWN = 5


def source(folder: Path) -> Source:
    """The data set. Notes say what stripping the modifiers and leaving out the prose mean for the labels."""
    rows = list(read_rows(folder / TABLE, COLUMNS, remedy=REMEDY))
    kept, dropped, statements = [], [], []
    for row in rows:
        facts = facts_of(row)
        statements.append(entries_of(row, "AHA_code"))
        header = header_of(folder, row)
        leads = row.whole("Lead")
        if header.is_file():
            kept.append(SourceRow(facts, partial(read_recording, header, patient=facts.patient, leads=leads),
                                   (header,)))
        else:
            dropped.append(Dropped(facts.id, "signal files: none here"))
    return Source(DATASET, kept, tuple(dropped), _notes(statements))


def read_recording(header: Path, *, patient: str, leads: int) -> Recording:
    """One recording. Raises RecordingError, also where it does not hold as many leads as the table says."""
    recording = registry.read_recording(header)
    if len(recording.leads) != leads:
        raise RecordingError(header, "leads", f"{len(recording.leads)} where the table says {leads}",
                             "restore header and table from the source")
    return replace(recording, patient_key=f"zzu-{patient}")


def header_of(folder: Path, row: TableRow) -> Path:
    return folder / SIGNALS / f"{row.needed('Filename')}.hea"


def facts_of(row: TableRow) -> RowFacts:
    """Raises RecordingError naming row and column."""
    diagnoses = (DIAGNOSIS + code for code in entries_of(row, "ICD-10 code"))
    return RowFacts(row.needed("ECG_ID"), row.needed("Patient_ID"), age_days_of(row), sex_of(row),
                    (*entries_of(row, "AHA_code"), *diagnoses))


def age_days_of(row: TableRow) -> float:
    age = _AGE.fullmatch(row.text("Age"))
    if age is None:
        raise row.error("Age", "not a number of days such as 572d")
    return float(age[1])


def sex_of(row: TableRow) -> Sex:
    sex = row.text("Gender").strip("'")
    if sex not in _SEX:
        raise row.error("Gender", "neither 'Female' nor 'Male'")
    return _SEX[sex]


def entries_of(row: TableRow, column: str) -> tuple[str, ...]:
    """'A1';'L145+Modifier362' -> A1, L145+Modifier362; empty where the recording has none."""
    text = row.text(column)
    if not text:
        return ()
    if not (text.startswith("'") and text.endswith("'") and len(text) > 2):
        raise row.error(column, f"not a list of quoted codes such as {_EXAMPLES[column]}")
    return tuple(entry.strip() for entry in text[1:-1].split("';'"))


def _notes(statements: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What was stripped and what is prose, over all rows of the table."""
    entries = Counter(entry for row in statements for entry in row)
    code_map = load_code_map(DATASET, load_profile(DEFAULT_PROFILE))
    whole = replace(code_map, matcher=replace(code_map.matcher, strips_modifiers=False))  # type: ignore[type-var]
    stripped, unstripped = (Counter(label for row in statements for label in found.labels_of(row))
                            for found in (code_map, whole))
    changed = [f"{label} {stripped[label]} instead of {unstripped[label]}" for label in code_map.codes
               if stripped[label] != unstripped[label]]
    carrying = sum(count for entry, count in entries.items() if code_map.plain(entry) != entry)
    prose = Counter({entry: count for entry, count in entries.items() if not _CODE.match(entry)})
    often = ", ".join(f"{entry} {count}" for entry, count in prose.most_common(_SHOWN))
    return (
        f"{carrying} of {entries.total()} statements carried modifiers, which were stripped"
        + (f": {', '.join(changed)} recordings" if changed else ""),
        f"{prose.total()} of {entries.total()} statements are prose, for want of an AHA code"
        + (f": {often}" if often else ""))
