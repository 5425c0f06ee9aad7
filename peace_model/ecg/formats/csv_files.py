"""CSV tables: one column a lead and one row a sample, or the other way round where a profile says so.

Separator and decimal mark are found or told by a profile; rate and unit come from the table, the profile or the person,
and are never guessed.
"""

import hashlib
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats.contract import Format, ReadOptions
from peace_model.ecg.formats.csv_guess import is_wide, looks_like_samples
from peace_model.ecg.formats.csv_header import names_a_lead
from peace_model.ecg.formats.csv_layout import header_of, misfit, scale_of
from peace_model.ecg.formats.csv_profile import IGNORED, CsvProfile
from peace_model.ecg.formats.csv_text import (
    check_text,
    encoding_of,
    lines_of,
    numbers_at_once,
    numbers_one_by_one,
    read_bytes,
    rows_of,
    separator_of,
)
from peace_model.ecg.formats.table_recording import SampleTable, recording_of_table
from peace_model.ecg.recording import Recording, RecordingError
from peace_model.words import mark, worded

NAME = "csv"
SUFFIXES = (".csv", ".tsv", ".txt")


def read(path: Path, options: ReadOptions) -> Recording:
    """Read one table. Raises RecordingError; see LAYOUT_FIELDS for what a profile answers."""
    return recording_of(path, read_bytes(path), options)


def recording_of(path: Path, raw: bytes, options: ReadOptions) -> Recording:
    """The recording that a table's bytes hold; `path` names it. Raises RecordingError."""
    profile = options.profile
    encoding = profile.encoding if profile is not None else encoding_of(raw)
    check_text(path, raw, encoding)
    if profile is not None and profile.transposed:
        table = _transposed(path, raw, profile, options)
    else:
        table = _upright(path, raw, encoding, options)
    return recording_of_table(path, table, options, form=NAME, sha256=hashlib.sha256(raw).hexdigest())


def _upright(path: Path, raw: bytes, encoding: str, options: ReadOptions) -> SampleTable:
    """One row a sample."""
    profile = options.profile
    skip = profile.skip_rows if profile is not None else 0
    separator = profile.separator if profile is not None else _found_separator(path, raw, encoding)
    rows = rows_of(path, lines_of(raw, encoding, skip=skip), separator)
    first = next(rows, None)
    if first is None:
        raise RecordingError(path, "file", "the file holds no rows", "export the recording again")
    has_header = profile is None or profile.header
    width = len(first)
    while first and not first[-1].strip():
        first = first[:-1]  # Some programs end every row with a separator.
    names = first if has_header else [""] * len(first)
    header = header_of(path, names, profile)
    scale = scale_of(path, header, options)
    columns = [lead.column for lead in header.leads] + ([header.time.column] if header.time else [])
    decimal = profile.decimal if profile is not None else None
    samples_from = skip + _header_lines(raw, encoding, skip) if has_header else skip
    values = numbers_at_once(
        lines_of(raw, encoding, skip=samples_from), separator=separator, width=width, columns=columns,
        decimal=decimal or ("," if separator != "," and b"," in raw else "."))
    if values is None:
        values = numbers_one_by_one(
            path, rows if has_header else chain([first], rows), names=_shown(names, "column"), columns=columns,
            first_row=skip + (2 if has_header else 1),
            decimal="." if decimal is None and separator == "," else decimal)
    return SampleTable(header, scale, values)


def _transposed(path: Path, raw: bytes, profile: CsvProfile, options: ReadOptions) -> SampleTable:
    """One row a lead."""
    names: list[str] = []
    told: dict[int, NDArray[np.float64]] = {}
    for place, row in enumerate(rows_of(
            path, lines_of(raw, profile.encoding, skip=profile.skip_rows), profile.separator)):
        if place == len(profile.columns):
            raise misfit(path, profile, worded(
                "the table has more rows than the {place} that are expected", place=place))
        names.append(row[0] if profile.header else "")
        if profile.columns[place] != IGNORED:
            told[place] = _row_numbers(path, row[1:] if profile.header else row, place, profile)
    header = header_of(path, names, profile)
    scale = scale_of(path, header, options)
    samples = [told[lead.column] for lead in header.leads] + ([told[header.time.column]] if header.time else [])
    lengths = sorted(map(len, samples))
    if lengths[0] != lengths[-1]:
        raise RecordingError(
            path, "rows",
            worded("one holds {least} samples, another {most}", least=lengths[0], most=lengths[-1]),
            "give every lead the same number of samples")
    return SampleTable(header, scale, np.column_stack(samples))


def _row_numbers(path: Path, cells: list[str], place: int, profile: CsvProfile) -> NDArray[np.float64]:
    n_samples = next((n for n in range(len(cells), 0, -1) if cells[n - 1].strip()), 0)
    cells = cells[:n_samples]
    values = numbers_at_once(cells, separator=" ", decimal=profile.decimal, width=1, columns=[0])
    if values is not None and len(values) == n_samples:
        return values.ravel()
    return numbers_one_by_one(
        path, ([cell] for cell in cells), names=[f"row {place + 1}"], columns=[0], first_row=1,
        decimal=profile.decimal).ravel()


def _found_separator(path: Path, raw: bytes, encoding: str) -> str:
    for line in lines_of(raw, encoding):
        if line.strip():
            return separator_of(line)
    raise RecordingError(path, "file", "the file is empty", "export the recording again")


def _header_lines(raw: bytes, encoding: str, skip: int) -> int:
    """Lines up to and with the header row, blank ones before it among them."""
    for number, line in enumerate(lines_of(raw, encoding, skip=skip), start=1):
        if line.strip():
            return number
    return 0


def _shown(names: list[str], what: str) -> list[str]:
    return [name.strip() or f"{what} {number}" for number, name in enumerate(names, start=1)]


def fits(head: bytes, profile: CsvProfile) -> bool:
    """Whether a file's first bytes look like a table of this profile: its rows have the profile's columns, in numbers.

    For folders, where nobody names the file; reading it says in full whether it fits.
    """
    if profile.transposed:
        return False
    text = lines_of(head, profile.encoding, skip=profile.skip_rows)
    try:
        rows = list(rows_of(Path(), text, profile.separator))[:4]
    except RecordingError:
        return False
    data = rows[1:] if profile.header else rows
    wanted = [column for column, role in enumerate(profile.columns) if role]
    return len(data) > 1 and all(
        len(row) >= len(profile.columns) and any(sign.isdigit() for column in wanted for sign in row[column])
        for row in data[:2])


def _claims(path: Path, head: bytes) -> bool:
    """In a folder only a table whose header row names leads, or one of bare numbers, is a recording.

    Code books, tables of patients and letters are not. An empty table, or one that cannot be opened, is claimed too,
    so that reading it says so; an empty .txt is not.
    """
    if path.suffix.casefold() not in SUFFIXES:
        return False
    text = head.decode(encoding_of(head, cut=True), errors="replace").lstrip("\r\n \t")
    if not text:
        return path.suffix.casefold() != ".txt"
    lines = text.splitlines()
    if len(lines) < 2:
        return is_wide(head) and looks_like_samples(head)
    if names_a_lead([cell.strip().strip('"') for cell in lines[0].split(separator_of(lines[0]))]):
        return any(map(str.isdigit, lines[1]))
    return looks_like_samples(head)


FORMAT = Format(name=NAME, title=mark("CSV table"), suffixes=SUFFIXES, claims=_claims, read=read)
