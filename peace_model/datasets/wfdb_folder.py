"""Any folder of WFDB recordings with a table of labels: labels.csv in the folder, or named apart.

Columns, in any order; others are passed over:
  record     the header's path below the folder, with or without .hea
  patient    who it is of, any text that is the same for all recordings of one person (splits go by it)
  labels     codes of the profile peace24, separated by ";"; empty for none of them
  uncertain  (may be missing) codes of which it is not known whether they are present; "*" for all not in `labels`
  age_days, age_years  (either, or none) completed age at recording; empty or none: what the header says
  sex        (may be missing) F, M or empty
"""

from functools import partial
from pathlib import Path

from peace_model.datasets.source import Dropped, RowFacts, Source, SourceRow
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.age import AGE_BANDS, days_from_years
from peace_model.ecg.formats import registry
from peace_model.ecg.recording import RecordingError, Sex
from peace_model.labels import DEFAULT_PROFILE, load_profile

TABLE = "labels.csv"
DATASET = "wfdb_folder"
OPEN = "?"
"""Follows a code that is not known to be present or absent, in the statements and in the code map."""
_ALL = "*"
_SEX: dict[str, Sex | None] = {"F": "F", "M": "M", "": None}
_REMEDY = "see peace-model prepare --help for the columns of the table"


def source(folder: Path, *, table: Path | None = None) -> Source:
    """The folder's recordings that the table lists. Raises RecordingError for a table that cannot be used."""
    kept, dropped = [], []
    for row in read_rows(table or folder / TABLE, ("record", "patient", "labels"), remedy=_REMEDY):
        facts, header = _facts(row), _header(folder, row)
        if header.is_file():
            kept.append(SourceRow(facts, partial(registry.read_recording, header), (header,)))
        else:
            dropped.append(Dropped(facts.id, "signal files: none here"))
    return Source(DATASET, kept, tuple(dropped))


def _header(folder: Path, row: TableRow) -> Path:
    header = folder / f"{_name(row)}.hea"
    if not header.resolve().is_relative_to(folder.resolve()):
        raise row.error("record", "leads out of the folder")
    return header


def _name(row: TableRow) -> str:
    return row.needed("record").removesuffix(".hea")


def _facts(row: TableRow) -> RowFacts:
    present = _codes(row, "labels")
    left_open = _codes(row, "uncertain") if "uncertain" in row.cells else ()
    both = sorted(set(present) & set(left_open))
    if both:
        raise row.error("uncertain", f"{both[0]} stands in labels too")
    if left_open == (_ALL,):
        left_open = tuple(code for code in load_profile(DEFAULT_PROFILE).codes if code not in present)
    sex = row.one_of("sex", _SEX) if "sex" in row.cells else None
    return RowFacts(_name(row), row.needed("patient"), _age_days(row), sex,
                    (*present, *(code + OPEN for code in left_open)))


def _codes(row: TableRow, column: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in row.text(column).split(";") if code.strip())
    if column == "uncertain" and codes == (_ALL,):
        return codes
    known = load_profile(DEFAULT_PROFILE).codes
    if any(code not in known for code in codes):
        raise RecordingError(row.path, f"row {row.number}, column {column}", f"not a code of {DEFAULT_PROFILE}",
                             f"separate codes by ';' and use {' '.join(known)}")
    return codes


def _age_days(row: TableRow) -> float | None:
    given = {column: row.number_in(column) for column in ("age_days", "age_years") if row.cells.get(column, "").strip()}
    if len(given) > 1:
        raise row.error("age_years", "age_days is given too")
    if not given:
        return None
    column, value = next(iter(given.items()))
    days = value if column == "age_days" else float(days_from_years(value))
    if not 0 <= days < AGE_BANDS[-1].max_days:
        raise row.error(column, "not an age")
    return days
