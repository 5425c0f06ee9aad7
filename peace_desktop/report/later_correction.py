"""What was corrected of the person after a reading was signed: the report is drawn with what holds now, and says so."""

from dataclasses import dataclass
from datetime import datetime

from peace_desktop.report.gestation import born_words
from peace_desktop.report.terms import sex_words
from peace_desktop.texts import _, age_words, listed
from peace_model.ecg.age import Age
from peace_model.ecg.recording import Sex


@dataclass(frozen=True)
class LaterCorrection:
    """at, reader: of the newest correction; reader is "" where it must not be told. what: the values that differ, in
    words. age, sex, gestational_age_weeks: those the reading was signed with.
    """

    at: datetime
    reader: str
    what: tuple[str, ...]
    age: Age | None
    sex: Sex | None
    gestational_age_weeks: int | None


def correction_short(correction: LaterCorrection) -> str:
    """In few words, where the rest stands elsewhere."""
    return _("Corrected since: {what}").format(what=listed(correction.what))


def correction_words(correction: LaterCorrection, when: str) -> str:
    """Everything, to stand beside the signature. when: the time of the correction, as that of the signature is told."""
    person = (age_words(correction.age), sex_words(correction.sex),
              born_words(correction.gestational_age_weeks, correction.age))
    return _("Corrected on {when} by {reader}, after this signature: {what}. Signed for: {person}.").format(
        when=when, reader=correction.reader or _("another reader"), what=listed(correction.what),
        person=" \N{MIDDLE DOT} ".join(filter(None, person)))
