"""Age, sex and dates as carts and archives write them; always from the object that holds the signals."""

import re
from datetime import date, datetime

from peace_model.ecg.age import DAYS_PER_MONTH, DAYS_PER_YEAR, Age, Precision
from peace_model.ecg.formats.header_comments import MAX_AGE_YEARS, age_finding
from peace_model.ecg.recording import Finding, Sex
from peace_model.words import mark

BIRTH_DATE_ORIGIN = "birth date"
AGE_ORIGIN = "file header"
_SEX: dict[str, Sex] = {"f": "F", "female": "F", "w": "F", "m": "M", "male": "M"}
_UNITS = {
    "d": (1.0, Precision.DAY), "w": (7.0, Precision.DAY), "m": (DAYS_PER_MONTH, Precision.MONTH),
    "y": (DAYS_PER_YEAR, Precision.YEAR)}
_HOURS = ("h", "hour", "hours")
_UNIT_WORDS = {
    **dict.fromkeys(("y", "yr", "yrs", "a", "year", "years"), "y"),
    **dict.fromkeys(("m", "mo", "mon", "month", "months"), "m"),
    **dict.fromkeys(("w", "wk", "week", "weeks"), "w"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}
_AGREEMENT_DAYS = {Precision.DAY: 16.0, Precision.MONTH: 1.5 * DAYS_PER_MONTH, Precision.YEAR: 1.1 * DAYS_PER_YEAR}
"""How far an age in days or weeks, in months, or in years may lie from the calendar."""
_AGE_TEXT = re.compile(r"\s*(\d{1,5})\s*([dwmy])[a-z.]*\s*", re.IGNORECASE | re.ASCII)
"""DICOM's "011M" and "003D", Philips' and Mortara's "4 years"."""


def sex_of(text: str) -> Sex | None:
    """F or M from a code or word; None for everything else, "unknown" and "other" among it."""
    return _SEX.get(text.strip().casefold())


def age_from_text(text: str) -> tuple[Age | None, tuple[Finding, ...]]:
    """An age with its unit in one text: "011M", "3 D", "12 years". A number alone is no age."""
    if not text.strip():
        return None, ()
    told = _AGE_TEXT.fullmatch(text)
    if told is None:
        return None, (age_finding("age_unreadable", ""),)
    return age_of(float(told[1]), told[2])


def age_of(number: float, unit: str) -> tuple[Age | None, tuple[Finding, ...]]:
    """An age from a number and a unit whose first letter is d, w, m or y."""
    days_each, precision = _UNITS[unit[:1].casefold()]
    days = round(number * days_each)
    if not 0 <= days <= MAX_AGE_YEARS * DAYS_PER_YEAR:
        return None, (age_finding("age_implausible", f"{number:g} {unit}"),)
    return Age(days, precision, AGE_ORIGIN), ()


def stated_age(number: float | None, unit: str) -> tuple[Age | None, tuple[Finding, ...]]:
    """An age from the number and unit of two fields; a number under an unknown unit is unknown, and said so."""
    folded = unit.strip().casefold()
    if number is None or number < 0:
        return None, ()
    if folded in _HOURS:
        return age_of(number // 24, "d")
    if folded not in _UNIT_WORDS:
        return None, (age_finding("age_unreadable", ""),)
    return age_of(number, _UNIT_WORDS[folded])


def age_from_birth(birth: date | None, recorded_at: datetime | None) -> tuple[Age | None, tuple[Finding, ...]]:
    """The calendar difference; unknown, and said so, where the birth lies after the recording or 130 years before."""
    if birth is None or recorded_at is None:
        return None, ()
    days = (recorded_at.date() - birth).days
    if not 0 <= days <= MAX_AGE_YEARS * DAYS_PER_YEAR:
        return None, (Finding("age_implausible", (), mark(
            "The file's birth date and time of recording give an age that no person has; the age is treated as "
            "unknown.")),)
    return Age(days, Precision.DAY, BIRTH_DATE_ORIGIN), ()


def agreed_age(
    birth: date | None, recorded_at: datetime | None, said: Age | None
) -> tuple[Age | None, tuple[Finding, ...]]:
    """The age by the calendar where the file gives both dates, else as the file says it.

    Where both are there and differ by more than the said age's own precision allows, the age is unknown: one of them
    belongs to somebody else, or the date is written in another order than it was read.
    """
    counted, findings = age_from_birth(birth, recorded_at)
    if counted is None or said is None:
        return counted or said, findings
    if abs(counted.days - said.days) > _AGREEMENT_DAYS[said.precision]:
        return None, (Finding("age_contradicted", (), mark(
            "The file's birth date and the age it gives contradict each other; the age is treated as unknown.")),)
    return counted, findings


def date_of(text: str, *formats: str) -> date | None:
    """The first layout that fits."""
    moment = moment_of(text, *formats)
    return moment.date() if moment else None


def moment_of(text: str, *formats: str) -> datetime | None:
    for layout in formats:
        try:
            return datetime.strptime(text.strip(), layout)
        except ValueError:
            continue
    return None
