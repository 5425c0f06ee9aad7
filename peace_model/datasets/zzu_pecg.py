"""ZZU-pECG in its published layout: children's ECGs of 9 or 12 leads, with AHA statements in AttributesDictionary.csv.

Tan et al., Scientific Data 12:867 (2025), figshare 27078763. The table's file names leave out the folder Child_ecg.
Headers spell AVR, AVL, AVF and give every lead its own gain and baseline; nine-lead recordings hold the limb leads and
V1 V3 V5, no prefix of the twelve: leads go by name, never by place. Where AHA has no code the table holds prose.
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
from peace_model.labels import DEFAULT_PROFILE, load_code_map, load_profile

TABLE = "AttributesDictionary.csv"
SIGNALS = "Child_ecg"
DATASET = "zzu_pecg"
_COLUMNS = ("Filename", "ECG_ID", "Patient_ID", "Age", "Gender", "Lead", "AHA_code")
_SEX: dict[str, Sex] = {"Female": "F", "Male": "M"}
_AGE = re.compile(r"(\d{1,5})d", re.ASCII)
_CODE = re.compile(r"[A-Z]\(?\d|(Suggests|Consider|Modifier)\d")
_SHOWN = 5


def source(folder: Path) -> Source:
    """The data set. Notes say what stripping the modifiers and leaving out the prose mean for the labels."""
    remedy = f"use the {TABLE} of ZZU-pECG"
    rows = list(read_rows(folder / TABLE, _COLUMNS, remedy=remedy))
    kept, dropped, statements = [], [], []
    for row in rows:
        facts = _facts(row)
        statements.append(facts.statements)
        header = folder / SIGNALS / f"{row.needed('Filename')}.hea"
        leads = row.whole("Lead")
        if header.is_file():
            kept.append(SourceRow(facts, partial(read_recording, header, patient=facts.patient, leads=leads)))
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


def _facts(row: TableRow) -> RowFacts:
    age = _AGE.fullmatch(row.text("Age"))
    if age is None:
        raise row.error("Age", "not a number of days such as 572d")
    sex = row.text("Gender").strip("'")
    if sex not in _SEX:
        raise row.error("Gender", "neither 'Female' nor 'Male'")
    return RowFacts(row.needed("ECG_ID"), row.needed("Patient_ID"), float(age[1]), _SEX[sex], _entries(row))


def _entries(row: TableRow) -> tuple[str, ...]:
    """'A1';'L145+Modifier362' -> A1, L145+Modifier362; empty where the recording has no statement."""
    text = row.text("AHA_code")
    if not text:
        return ()
    if not (text.startswith("'") and text.endswith("'") and len(text) > 2):
        raise row.error("AHA_code", "not a list of quoted statements such as 'A1';'L145+Modifier362'")
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
