"""Who an EDF file is of and when it was recorded: the identification fields of EDF+, which plain EDF may follow.

EDF+ writes "code sex birthdate name ..." and "Startdate date administration technician equipment ...", X for unknown
and underscores for spaces. Everything there that can tell a person, a place or one recorder goes into the identity.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peace_model.ecg.age import Age
from peace_model.ecg.formats.demographics import age_from_birth, sex_of
from peace_model.ecg.formats.edf_header import EdfHeader
from peace_model.ecg.formats.telling import identity_of
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, Sex
from peace_model.words import mark

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LONG_DATE = re.compile(r"(\d{2})-([A-Za-z]{3})-(\d{4})", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})[.:/\- ](\d{1,2})[.:/\- ](\d{1,2})", re.ASCII)
_ANONYMOUS = date(1985, 1, 1)
"""What EDF+ writes in the short date where the date was taken out; clocks that were never set say it too."""


@dataclass(frozen=True)
class EdfPerson:
    """identity is None where the fields tell nobody."""

    identity: Identity | None
    sex: Sex | None
    age: Age | None
    recorded_at: datetime | None
    warnings: tuple[Finding, ...]


def edf_person(header: EdfHeader, *, first_onset_s: float, personal: tuple[str, ...],
               statements: tuple[str, ...]) -> EdfPerson:
    """first_onset_s: of the first data record after the start time. personal, statements: annotations."""
    code, sex, birth, name, others = _patient(header.patient)
    recorded_at, warnings = _start(header, first_onset_s)
    age, age_warnings = age_from_birth(birth, recorded_at)
    identity = identity_of(patient_id=code, names=(name,), birth_date=birth,
                           others=(*others, *_staff(header.recording), *personal), statements=statements)
    return EdfPerson(identity, sex, age, recorded_at, (*warnings, *age_warnings))


def _patient(text: str) -> tuple[str, Sex | None, date | None, str, tuple[str, ...]]:
    """Code, sex, birth date, name and the rest; a text of another shape is the patient's identification as a whole."""
    parts = text.split()
    if len(parts) >= 4 and parts[1] in ("F", "M", "X") and (parts[2] == "X" or _long_date(parts[2])):
        code, name = (_told(part) for part in (parts[0], parts[3]))
        return code, sex_of(parts[1]), _long_date(parts[2]), name, tuple(filter(None, map(_told, parts[4:])))
    return "" if set(parts) <= {"X"} else text, None, None, "", ()


def _staff(text: str) -> tuple[str, ...]:
    parts = text.split()
    if len(parts) >= 2 and parts[0] == "Startdate":
        return tuple(filter(None, map(_told, parts[2:])))
    return () if set(parts) <= {"X"} else (text,)


def _told(part: str) -> str:
    return "" if part == "X" else part.replace("_", " ").strip()


def _start(header: EdfHeader, first_onset_s: float) -> tuple[datetime | None, tuple[Finding, ...]]:
    """When the first sample was taken: EDF+'s date of four digits, else the short one; None where taken out."""
    short = _short_date(header.start_date)
    parts = header.recording.split()
    is_plus = len(parts) >= 2 and parts[0] == "Startdate"
    long = _long_date(parts[1]) if is_plus else None
    clock = _SHORT.fullmatch(header.start_time)
    if (is_plus and parts[1] == "X") or (long is None and short == _ANONYMOUS) or clock is None:
        return None, ()
    if long and short and (long.day, long.month, long.year % 100) != (short.day, short.month, short.year % 100):
        return None, (Finding("time_contradicted", (), mark(
            "The file gives two dates of recording that contradict each other; the time is treated as unknown.")),)
    day = long or short
    try:
        hour, minute, second = (int(part) for part in clock.groups())
        at = datetime(day.year, day.month, day.day, hour, minute, second) if day else None
        return at + timedelta(seconds=first_onset_s) if at else None, ()
    except (ValueError, OverflowError):
        return None, ()


def _short_date(text: str) -> date | None:
    """dd.mm.yy, where 85 to 99 lie in the twentieth century."""
    found = _SHORT.fullmatch(text)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    return _date(year + (1900 if year >= 85 else 2000), month, day)


def _long_date(text: str) -> date | None:
    """dd-MMM-yyyy with English months."""
    found = _LONG_DATE.fullmatch(text)
    if found is None or found[2].upper() not in _MONTHS:
        return None
    return _date(int(found[3]), _MONTHS.index(found[2].upper()) + 1, int(found[1]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
