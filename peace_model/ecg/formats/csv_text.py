"""A table as text: its bytes, encoding, separator, rows and numbers, before anything is known of leads."""

import csv
import io
import math
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats.contract import check_regular
from peace_model.ecg.recording import RecordingError
from peace_model.words import worded

MAX_BYTES = 60_000_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?", re.ASCII)
_EMPTY = frozenset({"", "nan"})


def read_bytes(path: Path) -> bytes:
    """Raises RecordingError for pipes, files too large and files that cannot be opened."""
    check_regular(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RecordingError(
                path, "file", worded("the table is larger than {mb} MB", mb=f"{MAX_BYTES / 1e6:.0f}"),
                "cut out the part to be reviewed")
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(path, "file", "the file cannot be opened", "check that it may be read") from error


def encoding_of(raw: bytes, *, cut: bool = False) -> str:
    """UTF-8, or UTF-16 when it says so, or the Western European code page older spreadsheets write.

    cut: the bytes may end inside a sign.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if cut and error.start >= len(raw) - 3 else "cp1252"
    return "utf-8-sig"


def separator_of(first_line: str) -> str:
    """The first of ; tab , found in the header row: a decimal comma never stands there."""
    return next((mark for mark in (";", "\t", ",") if mark in first_line), ",")


def lines_of(raw: bytes, encoding: str, *, skip: int = 0) -> Iterator[str]:
    """The lines after the first `skip`, one at a time: an hour's table as text would fill the memory."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    return islice(io.TextIOWrapper(io.BytesIO(raw), encoding=codec, errors="replace", newline=""), skip, None)


def check_text(path: Path, raw: bytes, encoding: str) -> None:
    if encoding != "utf-16" and b"\0" in raw:
        raise RecordingError(path, "file", "this is not text", "check that this is a CSV table")


def rows_of(path: Path, lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The rows that are not blank."""
    try:
        cells = map(str.split, lines) if separator == " " else csv.reader(lines, delimiter=separator, strict=True)
        for row in cells:
            if any(map(str.strip, row)):
                yield row
    except csv.Error as error:
        raise RecordingError(path, "file", "the rows cannot be told apart", "check the quotes in the table") from error


def numbers_at_once(lines: Iterable[str], *, separator: str, decimal: str, width: int,
                    columns: Sequence[int]) -> NDArray[np.float64] | None:
    """float64 (n_rows, n_columns) of lines of numbers only; None where a row or a cell needs a closer look."""
    commas = width - 1
    unexpected = "." if decimal == "," else "" if separator == "," else ","

    def plain() -> Iterator[str]:
        for line in lines:
            if not line.strip():
                continue
            breaks = len(line.split()) - 1 if separator == " " else line.count(separator)
            if '"' in line or breaks != commas:
                raise ValueError
            if unexpected and unexpected in line:
                raise ValueError
            yield line.replace(",", ".") if decimal == "," else line

    try:
        values: NDArray[np.float64] = np.loadtxt(
            _not_none(plain()), dtype=np.float64, delimiter=None if separator == " " else separator, comments=None,
            usecols=columns, ndmin=2)
    except ValueError:
        return None
    return None if np.isinf(values).any() else values


def _not_none(lines: Iterator[str]) -> Iterator[str]:
    """The lines. Raises ValueError where there is none, of which numpy would only warn."""
    first = next(lines, None)
    if first is None:
        raise ValueError
    yield first
    yield from lines


def numbers_one_by_one(
        path: Path, rows: Iterable[list[str]], *, names: Sequence[str], columns: Sequence[int], first_row: int,
        decimal: str | None) -> NDArray[np.float64]:
    """float64 (n_rows, n_columns), empty cells NaN. Raises RecordingError naming the cell that is no number.

    names: one a column of the table, for messages. decimal: None where both marks may stand, one of them throughout.
    """
    width = len(names)
    marks: set[str] = set()
    values = array("d")
    for number, row in enumerate(rows, start=first_row):
        if len(row) != width and (len(row) < width or any(map(str.strip, row[width:]))):
            raise RecordingError(
                path, worded("row {number}", number=number),
                worded("{count} cells where {width} are expected", count=len(row), width=width),
                "give every row the same number of cells")
        for column in columns:
            values.append(_number_of(path, row[column].strip(), decimal, marks, number, names[column]))
    if len(marks) > 1:
        raise RecordingError(path, "decimal mark", "both '.' and ',' are used as decimal mark", "use one of them")
    return np.array(values, dtype=np.float64).reshape(-1, len(columns))


def is_number(cell: str, decimal: str) -> bool:
    """Whether a cell without blanks around it is a number with this decimal mark."""
    if decimal == ",":
        return "." not in cell and _NUMBER.fullmatch(cell.replace(",", ".", 1)) is not None
    return _NUMBER.fullmatch(cell) is not None


def _number_of(path: Path, cell: str, decimal: str | None, marks: set[str], row: int, name: str) -> float:
    text = cell
    if "," in cell and decimal != ".":
        marks.add(",")
        text = cell if "." in cell else cell.replace(",", ".", 1)
    elif "." in cell:
        marks.add(".")
    if _NUMBER.fullmatch(text) and (decimal != "," or "." not in cell):
        return float(text)
    if text.casefold() in _EMPTY:
        return math.nan
    raise RecordingError(
        path, worded("row {row}, column '{name}'", row=row, name=name.strip()[:30]), "this cell is no number",
        "write a number, or leave the cell empty")
