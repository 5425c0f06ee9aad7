"""LUDB 1.0.1 in its published layout: 10 s recordings of one adult each, with diagnoses in ludb.csv.

Kalyakulina et al., IEEE Access 8 (2020). An external test of a frozen model, never for training.

The headers give every lead a gain of its own that brings it to about the same size, and lead III is not II - I then.
The stored numbers themselves obey the limb leads' algebra to the last digit, so they share one unit; it is taken to
be the microvolt, which gives voltages like other adults'. (That unit is our reading, no source states it.)
"""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from peace_model.datasets.source import Dropped, RowFacts, Source, SourceRow
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.formats import registry
from peace_model.ecg.recording import Recording, RecordingError

TABLE = "ludb.csv"
NORMAL = "normal (derived)"
UNITS_PER_MV = 1000.0
_FINDINGS = ("Conduction abnormalities", "Extrasystolies", "Hypertrophies", "Cardiac pacing", "Ischemia",
             "Non-specific repolarization abnormalities", "Other states")
_SINUS = {"sinus rhythm", "sinus bradycardia", "sinus arrhythmia"}
_STILL_NORMAL = {"early repolarization syndrome"}


@dataclass(frozen=True)
class LudbRow:
    """One recording: its number, its statements in lower case without their place, its header file."""

    name: str
    statements: tuple[str, ...]
    header: Path


def source(folder: Path) -> Source:
    """The data set; age and sex come from the headers."""
    table = read_table(folder)
    return Source(
        "ludb",
        [SourceRow(RowFacts(row.name, row.name, None, None, row.statements), partial(read_recording, row),
                   (row.header,))
         for row in table if row.header.is_file()],
        tuple(Dropped(row.name, "signal files: none here") for row in table if not row.header.is_file()))


def read_table(folder: Path) -> tuple[LudbRow, ...]:
    """Every row of ludb.csv. Raises RecordingError when the table is missing or malformed."""
    rows = read_rows(folder / TABLE, ("ID", "Rhythms", *_FINDINGS), remedy="use the table of LUDB 1.0.1")
    return tuple(_row(folder, row) for row in rows)


def read_recording(row: LudbRow) -> Recording:
    """The recording in millivolts of one common unit, see above. Raises RecordingError."""
    recording = registry.read_recording(row.header)
    samples = np.frombuffer(row.header.with_suffix(".dat").read_bytes(), "<i2").reshape(-1, len(recording.leads)).T
    common = (samples / UNITS_PER_MV).astype(np.float32)
    if common.shape != recording.signal_mv.shape:
        raise RecordingError(row.header, "samples", "not the layout of LUDB", "unpack the data set again")
    return replace(recording, signal_mv=common)


def _row(folder: Path, row: TableRow) -> LudbRow:
    name = row.needed("ID")
    rhythm = _statements(row.text("Rhythms"))
    found = [statement for column in _FINDINGS for statement in _statements(row.text(column))]
    if set(rhythm) <= _SINUS and set(found) <= _STILL_NORMAL:
        found.append(NORMAL)
    return LudbRow(name, (*rhythm, *found), folder / "data" / f"{name}.hea")


def _statements(cell: str) -> list[str]:
    """One statement a line; what follows a colon is its place."""
    return [line.partition(":")[0].strip().lower() for line in cell.splitlines() if line.strip()]
