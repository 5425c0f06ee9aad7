"""What the age card says: pure functions from a recording's person to words."""

from collections.abc import Iterable
from dataclasses import dataclass

from peace_desktop.library.records import Person
from peace_desktop.report.gestation import basis_words, born_words
from peace_desktop.report.terms import origin_words, sex_words
from peace_desktop.texts import _, age_words, listed, pgettext, pmark, render
from peace_model.ecg.age import age_band
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.recording import Sex

_SEX_SHORT = {"F": pmark("sex", "F"), "M": pmark("sex", "M"), None: pmark("sex", "sex unknown")}


@dataclass(frozen=True)
class PersonView:
    """headline: age and sex, the first thing the eye meets. known: whether the age is known. born: gestational age at
    birth and what follows from it, line by line; () where it is unknown or of no account any more.
    """

    headline: str
    band: str
    origin: str
    limits: str
    known: bool
    born: tuple[str, ...] = ()

    @property
    def accessible(self) -> str:
        return ". ".join(part for part in (self.headline, self.band, *self.born, self.origin, self.limits) if part)


def sex_letter(sex: Sex | None) -> str:
    """For narrow places."""
    return pgettext("sex", _SEX_SHORT[sex])


def person_view(person: Person, measurements: Iterable[Measurement] | None) -> PersonView:
    """Words for age, band, origin and the source of the limits. measurements: None while they are awaited."""
    age, sex, weeks = person.age, person.sex, person.gestational_age_weeks
    born = tuple(filter(None, (born_words(weeks, age), basis_words(weeks, age))))
    headline = f"{age_words(age)} \N{MIDDLE DOT} {sex_words(sex)}"
    if age is None:
        return PersonView(headline, _("No limits and no age-dependent verdict until an age is entered."),
                          "", "", known=False, born=born)
    band = _("Age band {band}").format(band=_(age_band(age.days).text))
    if sex is None:
        band += " \N{MIDDLE DOT} " + _("limits of both sexes")
    origin = _("Age {origin}").format(origin=origin_words(age.origin))
    if person.corrected:
        origin += " \N{MIDDLE DOT} " + _("corrected, the file's own value is kept")
    return PersonView(headline, band, origin, _limits_words(measurements), known=True, born=born)


def _limits_words(measurements: Iterable[Measurement] | None) -> str:
    if measurements is None:
        return _("Limits: …")
    answers = [measurement.limit for measurement in measurements if measurement.limit is not None]
    sources = sorted({limit.name or limit.source for answer in answers for limit in answer.limits})
    if sources:
        return _("Limits: {sources}").format(sources=listed(sources))
    reasons = [render(answer.reason) for answer in answers if answer.reason is not None]
    return _("Limits: {reason}").format(reason=reasons[0]) if reasons else _("Limits: none for these measurements")
