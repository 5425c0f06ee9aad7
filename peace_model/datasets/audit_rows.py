"""The table of a data set in its published layout, row by row for an audit: no row stops it, and what is wrong with one
is told by file, row and field, never by what stands there."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from peace_model.datasets import ptbxl, zzu_pecg
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.recording import Recording, RecordingError, Sex

SQI = ("pSQI", "basSQI", "bSQI")
_LEAD_SQI = re.compile(r"'[A-Za-z0-9]{1,3}':(Null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")


class AuditError(Exception):
    """A folder that cannot be audited; str() says which and what to do."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one place of the data. row: its line in the table."""

    file: str
    row: int
    field: str
    text: str


@dataclass(frozen=True)
class AuditRow:
    """One row of the table. leads, samples: as the table says, None where it is silent. diagnoses: ICD-10 codes as they
    are written. quality: mean over the leads of each index that the row holds. read: the recording."""

    number: int
    id: str
    patient: str
    age_days: float
    sex: Sex
    statements: tuple[str, ...]
    header: Path
    read: Callable[[], Recording]
    diagnoses: tuple[str, ...] = ()
    leads: int | None = None
    samples: int | None = None
    fold: int | None = None
    quality: Mapping[str, float] | None = None


@dataclass(frozen=True)
class AuditTable:
    """dataset: name of its code map. table: file name. total: rows, the malformed ones included."""

    dataset: str
    table: str
    total: int
    rows: tuple[AuditRow, ...]
    problems: tuple[Problem, ...]


Fields = dict[str, Callable[[TableRow], Any]]


def read_audit_table(folder: Path) -> AuditTable:
    """Raises AuditError for a folder of another layout, RecordingError for a table that cannot be read at all."""
    if (folder / ptbxl.TABLE).is_file():
        return _read("ptbxl", folder / ptbxl.TABLE, ptbxl.COLUMNS, ptbxl.REMEDY, _ptbxl_fields(folder), _ptbxl_reader)
    if (folder / zzu_pecg.TABLE).is_file():
        columns = (*zzu_pecg.COLUMNS, "Sampling_point", *SQI)
        return _read(zzu_pecg.DATASET, folder / zzu_pecg.TABLE, columns, zzu_pecg.REMEDY, _zzu_fields(folder),
                     _zzu_reader)
    raise AuditError(f"{folder.name}: neither {ptbxl.TABLE} (PTB-XL) nor {zzu_pecg.TABLE} (ZZU-pECG) nor a prepared "
                     "store is here; name the folder that holds one of them")


def _read(
    dataset: str, path: Path, columns: tuple[str, ...], remedy: str, fields: Fields,
    reader: Callable[[Mapping[str, Any]], Callable[[], Recording]],
) -> AuditTable:
    rows: list[AuditRow] = []
    problems: list[Problem] = []
    bad: set[int] = set()

    def tell(error: RecordingError, number: int) -> None:
        field = error.field.partition("column ")[2] or "the whole row"
        problems.append(Problem(path.name, number, field, error.problem))
        bad.add(number)

    for row in read_rows(path, columns, remedy=remedy, broken=tell):
        found: dict[str, Any] = {}
        for name, read in fields.items():
            try:
                found[name] = read(row)
            except RecordingError as error:
                tell(error, row.number)
        if row.number not in bad:
            rows.append(AuditRow(number=row.number, read=reader(found), **found))
    times = Counter(row.id for row in rows)
    problems += [Problem(path.name, row.number, columns[1 if dataset == zzu_pecg.DATASET else 0],
                         "stands in the table more than once") for row in rows if times[row.id] > 1]
    return AuditTable(dataset, path.name, len(rows) + len(bad), tuple(rows), tuple(problems))


def _ptbxl_fields(folder: Path) -> Fields:
    rate_hz = 100 if (folder / "records100").is_dir() else ptbxl.NATIVE_HZ
    return {
        "id": lambda row: str(row.whole("ecg_id")), "patient": lambda row: str(row.whole("patient_id")),
        "age_days": lambda row: float(ptbxl.age_days_of(row)), "sex": lambda row: row.one_of("sex", ptbxl.SEX),
        "statements": ptbxl.statements_of, "fold": lambda row: row.whole("strat_fold"),
        "header": lambda row: ptbxl.header_of(folder, row, rate_hz)}


def _ptbxl_reader(found: Mapping[str, Any]) -> Callable[[], Recording]:
    row = ptbxl.PtbxlRow(int(found["id"]), found["patient"], int(found["age_days"]), found["sex"], found["fold"],
                         found["statements"], found["header"])
    return partial(ptbxl.read_recording, row)


def _zzu_fields(folder: Path) -> Fields:
    return {
        "id": lambda row: row.needed("ECG_ID"), "patient": lambda row: row.needed("Patient_ID"),
        "age_days": zzu_pecg.age_days_of, "sex": zzu_pecg.sex_of,
        "statements": lambda row: zzu_pecg.entries_of(row, "AHA_code"),
        "diagnoses": lambda row: zzu_pecg.entries_of(row, "ICD-10 code"), "leads": lambda row: row.whole("Lead"),
        "samples": lambda row: row.whole("Sampling_point"), "quality": _quality,
        "header": lambda row: zzu_pecg.header_of(folder, row)}


def _zzu_reader(found: Mapping[str, Any]) -> Callable[[], Recording]:
    return partial(zzu_pecg.read_recording, found["header"], patient=found["patient"], leads=found["leads"])


def _quality(row: TableRow) -> dict[str, float]:
    """'I':0.288;'V2':Null -> the mean over the leads that have a value; raises RecordingError for another form."""
    found = {}
    for column in SQI:
        parts = [part for part in row.text(column).split(";") if part]
        read = [_LEAD_SQI.fullmatch(part) for part in parts]
        if not all(read):
            raise row.error(column, "not a list of leads with values such as 'I':0.288;'V2':Null")
        values = [float(part[1]) for part in read if part is not None and part[1] != "Null"]
        if values:
            found[column] = sum(values) / len(values)
    return found
