"""MDS-ED 1.0 (Alcaraz & Strodthoff, arXiv 2407.17856) in its published layout: mds_ed.csv and the ECGs of memmap.npy.

One row an ECG of the first 90 minutes in an emergency department. Columns begin with general_, demographics_,
biometrics_, vitals_, labvalues_, diagnoses_ (discharge codes, ICD-10) or deterioration_; <name>_m, where the table has
it, is 1 where the value was measured and 0 where a median stands in. The ECGs lie one behind the other in memmap.npy,
(samples, 12) at 100 Hz in mV, clipped at 3 mV, leads in the order of LEADS; memmap_meta.npz tells where each begins.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from peace_model.datasets.context import ContextTable, Feature
from peace_model.datasets.lab_events import Moment, abnormalities_of, read_laboratory, time_of
from peace_model.datasets.source import RowFacts, Source, SourceRow
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.age import days_from_years
from peace_model.ecg.recording import Recording, RecordingError, Sex, roles_of
from peace_model.ecg.recording import Source as RecordingSource

DATASET = "mds_ed"
TABLE, SIGNALS, META = "mds_ed.csv", "memmap.npy", "memmap_meta.npz"
LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "III", "aVR", "aVL", "aVF")
FS_HZ = 100.0
CHOOSING_FOLD, TEST_FOLD, FOLDS = 18, 19, 20
LATER_FLAG = "later_in_stay"
"""Not the first ECG of its stay: learnt from, but neither chosen by nor tested on."""
_FEATURES = ("demographics_", "biometrics_", "vitals_", "labvalues_")
_DIAGNOSES = "diagnoses_"
_MASK = "_m"
_GENERAL = ("general_data", "general_subject_id", "general_strat_fold", "general_ecg_no_within_stay")
_TIME = "general_ecg_time"
_AGE, _SEX = "demographics_age", "demographics_gender"
_SEXES: dict[str, Sex | None] = {"0": "F", "0.0": "F", "1": "M", "1.0": "M", "": None}
_NUMBERS: dict[float, np.dtype[Any]] = {4.0: np.dtype("<f4"), 8.0: np.dtype("<f8")}
"""By bytes a sample."""
_REMEDY = "use the files of MDS-ED 1.0"


@dataclass(frozen=True)
class MdsRow:
    """One ECG. waveform: its place in memmap_meta.npz, which is its id; values: feature -> number, NaN missing."""

    waveform: int
    subject: str
    fold: int
    first_in_stay: bool
    values: dict[str, float]
    diagnoses: tuple[str, ...]
    cells: TableRow


def source(folder: Path) -> Source:
    """The data set; its statements are the discharge codes."""
    return Source(DATASET, [
        SourceRow(RowFacts(str(row.waveform), row.subject, _age_days(row), _sex(row), row.diagnoses, row.fold,
                           () if row.first_in_stay else (LATER_FLAG,)),
                  partial(read_recording, folder, row.waveform, row.subject), (folder / SIGNALS, folder / META))
        for row in read_table(folder)])


def context(folder: Path, *, labs: Path | None) -> ContextTable:
    """labs: folder of MIMIC-IV's module hosp; without it no abnormality is known. Raises RecordingError."""
    rows = list(read_table(folder))
    names = tuple(rows[0].values) if rows else ()
    values = np.array([[row.values[name] for name in names] for row in rows], np.float32).reshape(len(rows), len(names))
    judged = np.array([[row.fold, row.first_in_stay] for row in rows]).reshape(len(rows), 2)
    if labs is None:
        empty = np.zeros((len(rows), 0), np.uint8)
        return ContextTable(DATASET, _ids(rows), tuple(map(Feature, names)), values, (), empty, empty)
    found = read_laboratory(labs, [Moment(row.subject, time_of(row.cells, _TIME)) for row in rows])
    parts = [(judged[:, 0] == fold) & (judged[:, 1] > 0) for fold in (CHOOSING_FOLD, TEST_FOLD)]
    return ContextTable(DATASET, _ids(rows), tuple(map(Feature, names)), values, *abnormalities_of(found, parts))


def read_table(folder: Path) -> Iterator[MdsRow]:
    """Every row. Raises RecordingError naming row and column, also for an ECG that has a row already."""
    seen: set[int] = set()
    for row in read_rows(folder / TABLE, _GENERAL, remedy=_REMEDY):
        waveform, fold = row.whole("general_data"), row.whole("general_strat_fold")
        if waveform in seen:
            raise row.error("general_data", "this ECG has a row already")
        if not 0 <= fold < FOLDS:
            raise row.error("general_strat_fold", f"not a fold from 0 to {FOLDS - 1}")
        seen.add(waveform)
        names = [name for name in row.cells if name.startswith(_FEATURES) and not _is_mask(name, row)]
        yield MdsRow(
            waveform, row.needed("general_subject_id"), fold, row.whole("general_ecg_no_within_stay") == 0,
            {name: _value(row, name) for name in names},
            tuple(name.removeprefix(_DIAGNOSES) for name in row.cells
                  if name.startswith(_DIAGNOSES) and _flag(row, name)),
            row)


def read_recording(folder: Path, waveform: int, subject: str) -> Recording:
    """One ECG. Raises RecordingError when its place lies outside the file."""
    try:
        with np.load(folder / META, allow_pickle=False) as meta:
            start, length, file = (int(meta[name][waveform]) for name in ("start", "length", "file_idx"))
            shape = tuple(int(size) for size in meta["shape"][0])
    except FileNotFoundError as error:
        raise RecordingError(folder / META, "file", "not found", _REMEDY) from error
    except (KeyError, IndexError, TypeError, ValueError, BadZipFile) as error:
        raise RecordingError(folder / META, "layout", "does not tell where the ECG lies", _REMEDY) from error
    path = folder / SIGNALS
    if file != 0 or len(shape) != 2 or shape[1] != len(LEADS) or start < 0 or length < 1 or start + length > shape[0]:
        raise RecordingError(folder / META, "start and length", "lie outside the signals", _REMEDY)
    # The published file holds its number type as a pickle, which is not opened: the size tells it as well.
    dtype = _NUMBERS.get((path.stat().st_size if path.is_file() else 0) / (shape[0] * shape[1]))
    if dtype is None:
        raise RecordingError(path, "size", "is not what memmap_meta.npz says", _REMEDY)
    samples = np.array(np.memmap(path, dtype, "r", shape=shape)[start: start + length])
    return Recording(
        signal_mv=np.ascontiguousarray(samples.T, np.float32), fs_hz=FS_HZ, leads=LEADS, roles=roles_of(LEADS),
        age=None, sex=None, recorded_at=None, patient_key=f"mimic-{subject}",
        source=RecordingSource(path, "mds_ed", hashlib.sha256(samples.tobytes()).hexdigest(), (path,)))


def _ids(rows: list[MdsRow]) -> np.ndarray:
    return np.array([str(row.waveform) for row in rows], dtype=np.str_)


def _is_mask(name: str, row: TableRow) -> bool:
    return name.endswith(_MASK) and name.removesuffix(_MASK) in row.cells


def _value(row: TableRow, name: str) -> float:
    """NaN where the cell is empty, or its mask says that nothing was measured."""
    if not row.text(name) or (name + _MASK in row.cells and not _flag(row, name + _MASK)):
        return math.nan
    return row.number_in(name)


def _flag(row: TableRow, name: str) -> bool:
    value = row.number_in(name)
    if value not in (0.0, 1.0):
        raise row.error(name, "neither 0 nor 1")
    return value == 1.0


def _age_days(row: MdsRow) -> float | None:
    years = row.values.get(_AGE, math.nan)
    return None if math.isnan(years) else float(days_from_years(int(years)))


def _sex(row: MdsRow) -> Sex | None:
    return row.cells.one_of(_SEX, _SEXES) if _SEX in row.cells.cells else None
