"""Whether the person of a recording was corrected after a reading of it was signed."""

from collections.abc import Sequence

from peace_desktop.library.records import Person
from peace_desktop.report.later_correction import LaterCorrection
from peace_desktop.review.reading import Reading
from peace_desktop.texts import _


def later_correction(history: Sequence[Person], reading: Reading | None) -> LaterCorrection | None:
    """None unless what holds now differs from what held at the signature. history: of the person, oldest first."""
    if reading is None or reading.signed_at is None:
        return None
    then: Person | None = None
    for person in history:
        if person.corrected_at is None or person.corrected_at <= reading.signed_at:
            then = person
    now = history[-1] if history else None
    if then is None or now is None or now.corrected_at is None:
        return None
    what = tuple(name for name, differs in (
        (_("age"), then.age != now.age), (_("sex"), then.sex != now.sex),
        (_("gestational age"), then.gestational_age_weeks != now.gestational_age_weeks)) if differs)
    return LaterCorrection(now.corrected_at, now.corrected_by, what, then.age, then.sex,
                           then.gestational_age_weeks) if what else None
