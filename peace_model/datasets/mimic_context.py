"""Clinical context of MIMIC-IV-ECG 1.0: the machine's measurements, and laboratory abnormalities where hosp is there.

The machine's numbers are kept as they are (ms and degrees), without the sentinels that stand for "not measurable".
"""

import math
from pathlib import Path

import numpy as np

from peace_model.datasets.context import ContextTable, Feature
from peace_model.datasets.lab_events import Moment, abnormalities_of, read_laboratory, time_of
from peace_model.datasets.mimic_iv_ecg import DATASET, MEASURED, MEASUREMENTS, NOT_MEASURABLE, RECORDS
from peace_model.datasets.table import TableRow, read_rows

_REMEDY = "use the tables of MIMIC-IV-ECG 1.0"
_UNITS = {name: "deg" if name.endswith("axis") else "ms" for name in MEASURED}


def context(folder: Path, *, labs: Path | None) -> ContextTable:
    """labs: folder of MIMIC-IV's module hosp; without it no abnormality is known. Raises RecordingError."""
    measured = {row.needed("study_id"): [_number(row, name) for name in MEASURED]
                for row in read_rows(folder / MEASUREMENTS, ("study_id", *MEASURED), remedy=_REMEDY)}
    ids, moments = [], []
    for row in read_rows(folder / RECORDS, ("subject_id", "study_id", "ecg_time"), remedy=_REMEDY):
        ids.append(row.needed("study_id"))
        moments.append(Moment(row.needed("subject_id"), time_of(row, "ecg_time")) if labs is not None else None)
    values = np.array([measured.get(name, [math.nan] * len(MEASURED)) for name in ids], np.float32)
    everyone = [np.ones(len(ids), bool)]
    abnormalities, abnormal, known = ((), np.zeros((len(ids), 0), np.uint8), np.zeros((len(ids), 0), np.uint8)
                                      ) if labs is None else abnormalities_of(
        read_laboratory(labs, [moment for moment in moments if moment is not None]), everyone)
    return ContextTable(
        DATASET, np.array(ids), tuple(Feature(f"{name}_{_UNITS[name]}") for name in MEASURED),
        values.reshape(len(ids), len(MEASURED)), abnormalities, abnormal, known)


def _number(row: TableRow, column: str) -> float:
    value = row.number_in(column) if row.text(column) else math.nan
    return math.nan if value in NOT_MEASURABLE else value
