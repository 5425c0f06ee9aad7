"""From what a reader enters to an age: a birth date with the recording's date, or a number with its unit. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peace_desktop.report.gestation import POSSIBLE_WEEKS
from peace_desktop.texts import _, mark
from peace_model.ecg.age import DAYS_PER_MONTH, DAYS_PER_YEAR, Age, Precision

OLDEST_YEARS = 130


class AgeUnit(StrEnum):
    """The unit of an age entered as a number; it is also how finely the age is known."""

    DAYS = mark("days")
    MONTHS = mark("months")
    YEARS = mark("years")


_UNITS = {
    AgeUnit.DAYS: (1.0, Precision.DAY),
    AgeUnit.MONTHS: (DAYS_PER_MONTH, Precision.MONTH),
    AgeUnit.YEARS: (DAYS_PER_YEAR, Precision.YEAR),
}


@dataclass(frozen=True)
class Entered:
    """An age, or why what was entered is none."""

    age: Age | None
    problem: str = ""


@dataclass(frozen=True)
class EnteredWeeks:
    """Completed weeks, None for not given, or why what was entered is no gestational age."""

    weeks: int | None
    problem: str = ""


def age_from_dates(birth: date | None, recorded: date | None) -> Entered:
    """The calendar difference in days, known to the day; None is a date that is not given yet."""
    if birth is None:
        return Entered(None, _("Enter the birth date as year-month-day."))
    if recorded is None:
        return Entered(None, _("Enter the true date of the recording too, as year-month-day: the age is counted up to "
                               "it."))
    days = (recorded - birth).days
    if days < 0:
        return Entered(None, _("The birth date lies after the recording."))
    if days > OLDEST_YEARS * DAYS_PER_YEAR:
        return Entered(None, _("The birth date lies too far before the recording."))
    return Entered(Age(days, Precision.DAY, "birth date"))


def age_from_number(count: int, unit: AgeUnit) -> Entered:
    """A completed number of days, months or years."""
    length_days, precision = _UNITS[unit]
    days = round(count * length_days)
    if count < 0 or days > OLDEST_YEARS * DAYS_PER_YEAR:
        return Entered(None, _("This age is not possible."))
    return Entered(Age(days, precision, "entered by reader"))


def weeks_from_text(typed: str) -> EnteredWeeks:
    """Completed weeks of gestation at birth; nothing typed is not given."""
    digits = typed.strip()
    if not digits:
        return EnteredWeeks(None)
    if not (digits.isascii() and digits.isdecimal() and int(digits) in POSSIBLE_WEEKS):
        return EnteredWeeks(None, _("Gestational age is given in completed weeks, {first} to {last}.").format(
            first=POSSIBLE_WEEKS[0], last=POSSIBLE_WEEKS[-1]))
    return EnteredWeeks(int(digits))
