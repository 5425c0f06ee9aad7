"""Age at recording: what is known of it, how finely, and how it is written.

Years and months are mean calendar years and months (365.25 and 30.4375 days), as in the limits' age bounds
(3 years = 1,096 days). An age is never written more finely than its source gave it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12

Plural = Callable[[str, str, int], str]
"""gettext's ngettext: (singular, plural, count) -> the template to fill."""


class Precision(StrEnum):
    """The finest unit in which the source gave the age."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Age:
    """Age at recording in completed days, with where it came from.

    days: >= 0; for a source in months or years the first day of that completed month or year.
    origin: short words such as "file header", "side-car table", "entered by reader", "birth date".
    """

    days: int
    precision: Precision
    origin: str

    def __post_init__(self) -> None:
        if self.days < 0:
            raise ValueError(f"age_days is {self.days}; an age cannot be negative")


@dataclass(frozen=True)
class AgeBand:
    """A band of completed age, days in [min_days, max_days)."""

    code: str
    text: str
    min_days: int
    max_days: int


def days_from_years(years: float) -> int:
    """Completed days at a birthday; 3 -> 1096."""
    return round(years * DAYS_PER_YEAR)


def _band(code: str, text: str, start: int, stop: int) -> AgeBand:
    return AgeBand(code, text, start, stop)


def _years(first: int, last: int) -> AgeBand:
    text = f"{first}\N{EN DASH}{last} years"
    return _band(f"{first}-{last}y", text, days_from_years(first), days_from_years(last + 1))


AGE_BANDS: tuple[AgeBand, ...] = (
    _band("0-10d", "0\N{EN DASH}10 days", 0, 11),
    _band("11-29d", "11\N{EN DASH}29 days", 11, 30),
    _band("30-90d", "30\N{EN DASH}90 days", 30, 91),
    _band("91-182d", "91\N{EN DASH}182 days", 91, 183),
    _band("183-364d", "183\N{EN DASH}364 days", 183, 365),
    _years(1, 2),
    _years(3, 4),
    _years(5, 7),
    _years(8, 11),
    _years(12, 15),
    _years(16, 17),
    _band("18y+", "18 years and over", days_from_years(18), 150 * 366),
)


def age_band(age_days: int) -> AgeBand:
    """The band an age falls in. Raises ValueError outside 0 days to 150 years."""
    for band in AGE_BANDS:
        if band.min_days <= age_days < band.max_days:
            return band
    raise ValueError(f"age_days is {age_days}; expected 0 to {AGE_BANDS[-1].max_days - 1}")


def _english(singular: str, plural: str, count: int) -> str:
    return singular if count == 1 else plural


def age_text(age: Age | None, ngettext: Plural = _english) -> str:
    """The age as a reader sees it: days under 30 days, months and days under 2 years, then years and months.

    "" when the age is unknown: the caller says so in its own words, it is never a number.
    """
    if age is None:
        return ""

    def part(singular: str, plural: str, count: int) -> str:
        return ngettext(singular, plural, count).format(n=count)

    years = int((age.days + 0.5) / DAYS_PER_YEAR)
    if age.precision is Precision.YEAR:
        return part("{n} year", "{n} years", years)
    months = int((age.days + 0.5) / DAYS_PER_MONTH)
    if years < 2:
        if months == 0:
            return part("{n} day", "{n} days", age.days) if age.precision is Precision.DAY else part(
                "{n} month", "{n} months", 0)
        days = age.days - round(months * DAYS_PER_MONTH)
        text = part("{n} month", "{n} months", months)
        if age.precision is Precision.DAY and days > 0:
            text += " " + part("{n} day", "{n} days", days)
        return text
    rest = months - 12 * years
    text = part("{n} year", "{n} years", years)
    return text + " " + part("{n} month", "{n} months", rest) if rest > 0 else text


def short_age_text(age: Age, ngettext: Plural = _english) -> str:
    """The age in one unit, for a narrow line: 6 d, 5 mo, 17 y."""
    def part(singular: str, plural: str, count: int) -> str:
        return ngettext(singular, plural, count).format(n=count)

    if age.days < 30 and age.precision is Precision.DAY:
        return part("{n} d", "{n} d", age.days)
    years = int((age.days + 0.5) / DAYS_PER_YEAR)
    if years >= 2 or age.precision is Precision.YEAR:
        return part("{n} y", "{n} y", years)
    return part("{n} mo", "{n} mo", int((age.days + 0.5) / DAYS_PER_MONTH))


_PART = re.compile(r"(\d+) (?:(y|mo|d)|(year|month|day)s?)\b")


def age_text_in(english: str, ngettext: Plural) -> str:
    """What `age_text` or `short_age_text` wrote in English, said in the language of ngettext.

    Reasons and findings are kept as text with the recordings they concern, so the age itself is not at hand.
    """
    def said(part: re.Match[str]) -> str:
        count, symbol, unit = part.groups()
        words = (f"{{n}} {symbol}",) * 2 if symbol else (f"{{n}} {unit}", f"{{n}} {unit}s")
        return ngettext(*words, int(count)).format(n=count)

    return _PART.sub(said, english)
