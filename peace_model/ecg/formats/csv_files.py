"""CSV tables: a header row with lead names, then one row a sample.

Separator and decimal mark are found; rate and unit come from the table or from the person, and are never guessed.
"""

import csv
import hashlib
import io
import math
import re
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats.contract import Format, ReadOptions, check_duration, check_rate, check_regular
from peace_model.ecg.formats.csv_header import (
    CsvHeader,
    TimeColumn,
    millivolts_per_unit,
    names_a_lead,
    parse_csv_header,
)
from peace_model.ecg.recording import Finding, Recording, RecordingError, Source, roles_of

NAME = "csv"
SUFFIXES = (".csv", ".tsv", ".txt")
MAX_BYTES = 300_000_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?", re.ASCII)
_EMPTY = frozenset({"", "nan"})
_LIKELY_RATES_HZ = (50.0, 5000.0)
"""Bounds so far apart that an unnamed time unit is either seconds or milliseconds, never both."""


def read(path: Path, options: ReadOptions) -> Recording:
    """Read one table. Raises RecordingError; field "sampling rate" or "unit" means that the options can supply it."""
    raw = _bytes(path)
    encoding = _encoding(raw)
    separator = _separator_of(path, raw, encoding)
    rows = _rows(path, _lines(raw, encoding), separator)
    names = next(rows, None)
    if names is None:
        raise RecordingError(path, "file", "the file holds no rows", "export the recording again")
    header = parse_csv_header(path, names)
    factors = millivolts_per_unit(path, header, options)
    if header.time is None and options.fs_hz is None:
        raise _no_rate(path)
    values = _values(path, names, rows, header, decimal_comma_allowed=separator != ",")
    fs_hz, warnings = _rate(path, header, values, options)
    check_rate(path, fs_hz, field="sampling rate" if header.time is None else "time column")
    check_duration(path, n_samples=len(values), n_signals=len(header.leads), fs_hz=fs_hz)
    leads = tuple(lead.lead for lead in header.leads)
    with np.errstate(over="ignore"):
        signal_mv = (values[:, :len(leads)] * np.array(factors)).T.astype(np.float32, order="C")
    if np.isinf(signal_mv).any():
        raise RecordingError(path, "samples", "a value is too large to be a voltage", "check the unit and the samples")
    if all(lead.unit is None for lead in header.leads):
        warnings += (Finding("unit_given_by_user", leads, "The file gives no unit; {unit} was entered by hand.",
                             (("unit", options.unit or ""),)),)
    if header.left_out:
        warnings += (Finding("channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
                             (("channels", ", ".join(header.left_out)),)),)
    return Recording(
        signal_mv=signal_mv, fs_hz=fs_hz, leads=leads, roles=roles_of(leads), age=None, sex=None, recorded_at=None,
        patient_key="", source=Source(path.absolute(), NAME, hashlib.sha256(raw).hexdigest(), (path.absolute(),)),
        warnings=warnings)


def _bytes(path: Path) -> bytes:
    check_regular(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RecordingError(path, "file", "the file is larger than any recording of an hour",
                                 "cut out the part to be reviewed")
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(path, "file", "the file cannot be opened", "check that it may be read") from error


def _encoding(raw: bytes) -> str:
    """UTF-8, or UTF-16 when it says so, or the Western European code page older spreadsheets write."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _text(head: bytes) -> str:
    return head.decode(_encoding(head), errors="replace")


def _separator(first_line: str) -> str:
    """The first of ; tab , found in the header row: a decimal comma never stands there."""
    return next((mark for mark in (";", "\t", ",") if mark in first_line), ",")


def _separator_of(path: Path, raw: bytes, encoding: str) -> str:
    if encoding != "utf-16" and b"\0" in raw:
        raise RecordingError(path, "file", "this is not text", "check that this is a CSV table")
    for line in _lines(raw, encoding):
        if line.strip():
            return _separator(line)
    raise RecordingError(path, "file", "the file is empty", "export the recording again")


def _lines(raw: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(raw), encoding=encoding, errors="replace", newline="")


def _rows(path: Path, lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The rows that are not blank, one at a time: an hour's table as text would fill the memory."""
    try:
        for row in csv.reader(lines, delimiter=separator, strict=True):
            if any(map(str.strip, row)):
                yield row
    except csv.Error as error:
        raise RecordingError(path, "file", "the rows cannot be told apart", "check the quotes in the table") from error


def _values(
        path: Path, names: list[str], rows: Iterator[list[str]], header: CsvHeader, *,
        decimal_comma_allowed: bool) -> NDArray[np.float64]:
    """float64 (n_samples, n_leads [+ 1]): the leads in header order, then time where there is such a column."""
    columns = [lead.column for lead in header.leads] + ([header.time.column] if header.time else [])
    width = len(names)
    marks: set[str] = set()
    values = array("d")
    for number, row in enumerate(rows, start=2):
        if len(row) != width and (len(row) < width or any(map(str.strip, row[width:]))):
            raise RecordingError(path, f"row {number}", f"{len(row)} cells where the header row has {width}",
                                 "give every row as many cells as the header")
        for column in columns:
            cell = row[column].strip()
            if "," in cell and decimal_comma_allowed:
                marks.add(",")
                cell = cell if "." in cell else cell.replace(",", ".", 1)
            elif "." in cell:
                marks.add(".")
            if _NUMBER.fullmatch(cell):
                values.append(float(cell))
            elif cell.casefold() in _EMPTY:
                values.append(math.nan)
            else:
                raise RecordingError(path, f"row {number}, column '{names[column].strip()[:30]}'",
                                     "this cell is no number", "write a number, or leave the cell empty")
    if len(marks) > 1:
        raise RecordingError(path, "decimal mark", "both '.' and ',' are used as decimal mark", "use one of them")
    n_rows = len(values) // len(columns)
    if n_rows < 2:
        raise RecordingError(path, "samples", f"{n_rows} rows follow the header row", "give the samples, one row each")
    return np.frombuffer(values, dtype=np.float64).reshape(n_rows, len(columns))


def _no_rate(path: Path) -> RecordingError:
    return RecordingError(path, "sampling rate", "the table gives no rate", "give the rate in samples per second")


def _rate(path: Path, header: CsvHeader, values: NDArray[np.float64],
          options: ReadOptions) -> tuple[float, tuple[Finding, ...]]:
    """From the time column where it is there and its unit known, else from the options, else asked."""
    derived = None if header.time is None else _rate_of_time(path, header.time, values[:, -1])
    if derived is None and options.fs_hz is None:
        raise _no_rate(path)
    if derived is None:
        given = float(options.fs_hz or 0)
        return given, (Finding("rate_given_by_user", (), "The file gives no sampling rate; {rate} Hz was entered by "
                               "hand.", (("rate", f"{given:g}"),)),)
    if options.fs_hz is not None and abs(options.fs_hz - derived) > 0.01 * derived:
        raise RecordingError(path, "time column", f"it says {derived:g} Hz, {options.fs_hz:g} Hz was given",
                             "leave the rate to the file, or correct the time column")
    return derived, ()


def _rate_of_time(path: Path, time: TimeColumn, stamps: NDArray[np.float64]) -> float | None:
    """Samples per second of a uniform time column, None where its unit cannot be told."""
    span = float(stamps[-1] - stamps[0])
    step = span / (len(stamps) - 1)
    expected = stamps[0] + step * np.arange(len(stamps))
    # Stamps rounded to the millisecond stray by a fraction of a step; a sample left out strays by half of one or more.
    if not (math.isfinite(span) and step > 0 and np.all(np.abs(stamps - expected) <= 0.3 * step)):
        raise RecordingError(path, "time column", "the times do not rise in equal steps",
                             "resample to a fixed rate, or remove the column and give the rate")
    if time.seconds is None:
        low, high = _LIKELY_RATES_HZ
        possible = [seconds for seconds in (1.0, 1e-3) if low <= 1 / (step * seconds) <= high]
        if not possible:
            return None
        return _tidy(1 / (step * possible[0]))
    return _tidy(1 / (step * time.seconds))


def _tidy(fs_hz: float) -> float:
    """A rate within 0.05 % of a whole number is that number: the rest is the rounding of the stamps."""
    whole = float(round(fs_hz))
    return whole if whole > 0 and abs(fs_hz - whole) <= 5e-4 * fs_hz else fs_hz


def _claims(path: Path, head: bytes) -> bool:
    """In a folder only a table whose header row names leads is a recording; code books, tables and letters are not.

    An empty table, or one that cannot be opened, is claimed too, so that reading it says so; an empty .txt is not.
    """
    if path.suffix.casefold() not in SUFFIXES:
        return False
    text = _text(head).lstrip("\r\n \t")
    if not text:
        return path.suffix.casefold() != ".txt"
    lines = text.splitlines()
    if len(lines) < 2 or not any(map(str.isdigit, lines[1])):
        return False
    return names_a_lead([cell.strip().strip('"') for cell in lines[0].split(_separator(lines[0]))])


FORMAT = Format(name=NAME, title="CSV table", suffixes=SUFFIXES, claims=_claims, read=read)
