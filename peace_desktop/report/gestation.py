"""Gestational age at birth, and the corrected age it gives, in words. Limits and model go by the chronological age.

Terms after Engle 2004 (American Academy of Pediatrics, "Age terminology during the perinatal period", Pediatrics
114:1362): corrected age is chronological age less the weeks born before 40 weeks; before term it is postmenstrual age.
Preterm is less than 37 completed weeks (WHO).
"""

from peace_desktop.texts import _, age_words, ngettext
from peace_model.ecg.age import DAYS_PER_MONTH, Age, Precision, days_from_years

POSSIBLE_WEEKS = range(20, 45)
"""Completed weeks at birth that can be entered."""
_TERM_WEEKS = 40
_PRETERM_BELOW_WEEKS = 37
_TOLD_BELOW_DAYS = days_from_years(2)
_IN_WEEKS_BELOW_DAYS = 91


def is_told(age: Age | None) -> bool:
    """Whether gestational age still matters: under two years, and while the age is unknown."""
    return age is None or age.days < _TOLD_BELOW_DAYS


def born_words(weeks: int | None, age: Age | None) -> str:
    """ "Born at 31 weeks; corrected age 6 weeks", no finer than either is known; "" where nothing is to be told."""
    if weeks is None or not is_told(age):
        return ""
    born = _("Born at {weeks} weeks").format(weeks=weeks)
    if age is None or weeks >= _PRETERM_BELOW_WEEKS:
        return born
    days = age.days - 7 * (_TERM_WEEKS - weeks)
    if age.precision is not Precision.DAY:
        # The age is the first day of a completed month or year: what is counted from it is a lower bound.
        return _("{born}; corrected age at least {age}").format(
            born=born, age=age_words(Age(days, Precision.MONTH, ""))) if days >= DAYS_PER_MONTH else born
    if days < 0:
        return _("{born}; postmenstrual age {age}").format(born=born, age=_weeks(weeks + age.days // 7))
    corrected = _weeks(days // 7) if days < _IN_WEEKS_BELOW_DAYS else age_words(Age(days, Precision.MONTH, ""))
    return _("{born}; corrected age {age}").format(born=born, age=corrected)


def basis_words(weeks: int | None, age: Age | None) -> str:
    """Which age the limits of a child born preterm are for, "" for others."""
    if weeks is None or weeks >= _PRETERM_BELOW_WEEKS or age is None or not is_told(age):
        return ""
    return _("Limits are for the chronological age.")


def _weeks(count: int) -> str:
    return ngettext("{n} week", "{n} weeks", count).format(n=count)
