"""Ages, sexes and patients from PTB-XL's own table, matched by record name.

The table is explicit: named by the person, or a file called ptbxl_database.csv in the record's folder or one of the
three folders above it (records100/00000/00001_lr.hea lies two below). A record it lists twice, or contradicts, blocks.
"""

import csv
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath

from peace_model.ecg.age import Age
from peace_model.ecg.formats.header_comments import age_from_years
from peace_model.ecg.recording import Finding, RecordingError, Sex
from peace_model.words import mark, worded

TABLE_NAME = "ptbxl_database.csv"
FOLDERS_ABOVE = 3
ORIGIN = "side-car table"
_COLUMNS = ("filename_lr", "filename_hr", "patient_id", "age", "sex", "recording_date", "report", "scp_codes")
_SEX: dict[str, Sex] = {"0": "M", "1": "F"}
"""PTB-XL's own coding."""
_FIELD = mark("side-car table")


@dataclass(frozen=True)
class SidecarRow:
    """What the table says of one record."""

    age: Age | None
    sex: Sex | None
    patient_key: str
    recorded_at: datetime | None
    statements: tuple[str, ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Table:
    rows: dict[str, tuple[str, ...]]
    twice: frozenset[str]


def find_sidecar(header: Path) -> Path | None:
    """The table that goes with a record, None where there is none."""
    for folder in (header.parent, *header.parent.parents[:FOLDERS_ABOVE]):
        table = folder / TABLE_NAME
        if table.is_file():
            return table
    return None


def lists_any(table: Path, record_names: Iterable[str]) -> bool:
    """Whether the table lists one of the records. Raises RecordingError for a table that cannot be used."""
    return not _content(table).rows.keys().isdisjoint(record_names)


def sidecar_row(table: Path, record_name: str) -> SidecarRow | None:
    """The record's row, None where the table does not list it. Raises RecordingError for a row that cannot be used."""
    content = _content(table)
    if record_name in content.twice:
        raise RecordingError(
            table, _FIELD, worded("record {record_name} is listed twice", record_name=record_name),
            "keep the right row only")
    cells = content.rows.get(record_name)
    return None if cells is None else _row(table, record_name, cells)


def _content(table: Path) -> _Table:
    try:
        status = table.stat()
        return _load(table, status.st_mtime_ns, status.st_size)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(table, _FIELD, "the table cannot be read", "check the file, or open the record without "
                             "it") from error


@lru_cache(maxsize=2)
def _load(table: Path, _changed_ns: int, _size: int) -> _Table:
    """Rows by record name; the change time and size in the key keep an edited table from being served stale."""
    rows: dict[str, tuple[str, ...]] = {}
    twice: set[str] = set()
    with table.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader, [])
        missing = [column for column in _COLUMNS[:5] if column not in header]
        if missing:
            raise RecordingError(
                table, _FIELD, worded("the column {column} is missing", column=missing[0]),
                worded("give PTB-XL's {table_name}", table_name=TABLE_NAME))
        positions = [header.index(column) if column in header else -1 for column in _COLUMNS]
        for row in reader:
            cells = tuple(row[position].strip() if 0 <= position < len(row) else "" for position in positions)
            for name in {PurePosixPath(cell).name for cell in cells[:2] if cell}:
                if name in rows:
                    twice.add(name)
                rows[name] = cells
    return _Table(rows, frozenset(twice))


def _row(table: Path, record_name: str, cells: tuple[str, ...]) -> SidecarRow:
    _, _, patient, age_text, sex_text, date_text, report, codes = cells
    age: Age | None = None
    finding: Finding | None = None
    years = _number(table, record_name, "age", age_text)
    if years is not None:
        age, finding = age_from_years(years, ORIGIN)
    if sex_text not in _SEX and sex_text != "":
        raise RecordingError(
            table, _FIELD,
            worded("the sex of record {record_name} is neither 0 (male) nor 1 (female)", record_name=record_name),
            "correct the table")
    number = _number(table, record_name, "patient_id", patient)
    return SidecarRow(
        age=age, sex=_SEX.get(sex_text), patient_key="" if number is None else f"ptbxl-{number:.0f}",
        recorded_at=_date(date_text), statements=tuple(text for text in (report, _code_names(codes)) if text),
        warnings=() if finding is None else (finding,))


def _number(table: Path, record_name: str, column: str, text: str) -> float | None:
    if text.casefold() in ("", "nan"):
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RecordingError(
            table, _FIELD,
            worded("the {column} of record {record_name} is no number", column=column, record_name=record_name),
            "correct the table")
    return value


def _code_names(codes: str) -> str:
    """The statement codes of PTB-XL's "{'NORM': 100.0, 'SR': 0.0}" without their likelihoods."""
    names: list[str] = re.findall(r"'([A-Z0-9_/]+)'", codes)
    return f"SCP: {', '.join(names)}" if names else ""


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
