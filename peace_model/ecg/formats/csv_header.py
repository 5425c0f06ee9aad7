"""The header row of a CSV table: which column is a lead in which unit, which one is time."""

import re
from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import RecordingError
from peace_model.words import worded

_CELL = re.compile(
    r"(?P<name>.*?)\s*(?:[\(\[](?P<bracketed>[^\)\]]*)[\)\]]|[ _/](?P<plain>[munMUN\u00b5\u03bc]?[vV]))?")
_TIME_NAMES = frozenset({"time", "t", "zeit", "temps", "tiempo"})
_SECONDS_PER_UNIT = {"s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3,
                     "millisecond": 1e-3, "milliseconds": 1e-3, "us": 1e-6, "\N{MICRO SIGN}s": 1e-6}


@dataclass(frozen=True)
class LeadColumn:
    """unit as written in the header, None where it names none."""

    lead: str
    column: int
    unit: str | None


@dataclass(frozen=True)
class TimeColumn:
    """seconds is the length of the column's unit, None where the header names none."""

    column: int
    seconds: float | None


@dataclass(frozen=True)
class CsvHeader:
    """The columns of a table; left_out names the columns that are neither lead nor time."""

    leads: tuple[LeadColumn, ...]
    time: TimeColumn | None
    left_out: tuple[str, ...]


def parse_csv_header(path: Path, cells: list[str]) -> CsvHeader:
    """Raises RecordingError where no column or two columns bear a lead's name."""
    leads: list[LeadColumn] = []
    left_out: list[str] = []
    time: TimeColumn | None = None
    for column, cell in enumerate(cells):
        name, unit = split_name(cell)
        lead = canonical_lead(name)
        if lead is not None:
            if any(lead == other.lead for other in leads):
                raise RecordingError(
                    path, worded("lead {lead}", lead=lead), "two columns bear this name", "name every lead once")
            leads.append(LeadColumn(lead, column, unit))
        elif time is None and (seconds := time_of(name, unit)) is not None:
            time = TimeColumn(column, seconds or None)
        elif cell.strip():
            left_out.append(cell.strip())
    if not leads:
        raise RecordingError(path, "header row", "no column bears the name of an ECG lead",
                             "name the columns in the first row: I, II, III, aVR, aVL, aVF, V1 to V6")
    return CsvHeader(tuple(leads), time, tuple(left_out))


def names_a_lead(cells: list[str]) -> bool:
    """Whether a row could be the header row of a recording."""
    return any(canonical_lead(split_name(cell)[0]) is not None for cell in cells)


def split_name(cell: str) -> tuple[str, str | None]:
    """A cell's name and its unit: "I (mV)", "I [uV]", "I_mV", "I mV", "I/mV"."""
    match = _CELL.fullmatch(cell.strip())
    if match is None:
        return cell.strip(), None
    return match["name"], match["bracketed"] or match["plain"]


def time_of(name: str, unit: str | None) -> float | None:
    """Seconds per unit of a time column, 0 where the unit is not named, None for any other column."""
    folded = name.strip().casefold()
    if folded in _SECONDS_PER_UNIT:
        return _SECONDS_PER_UNIT[folded]
    base, _, suffix = folded.partition("_")
    if base not in _TIME_NAMES:
        return None
    named = (unit or suffix).strip().casefold()
    return _SECONDS_PER_UNIT.get(named, 0.0)
