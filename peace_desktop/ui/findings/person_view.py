"""What the age card says: pure functions from a recording's person to words."""

from collections.abc import Iterable
from dataclasses import dataclass

from peace_desktop.texts import _, age_words, mark, pgettext, render
from peace_model.ecg.age import Age, age_band
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.recording import Sex

_SEX = {"F": mark("Female"), "M": mark("Male"), None: mark("Sex unknown")}
_SEX_SHORT = {"F": mark("F"), "M": mark("M"), None: mark("sex unknown")}

_ORIGINS = {
    "file header": mark("from the file's header"),
    "side-car table": mark("from the side-car table"),
    "entered by reader": mark("entered by a reader"),
    "birth date": mark("from the birth date"),
    "simulation": mark("as simulated"),
}


@dataclass(frozen=True)
class PersonView:
    """headline: age and sex, the first thing the eye meets. known: whether the age is known."""

    headline: str
    band: str
    origin: str
    limits: str
    known: bool

    @property
    def accessible(self) -> str:
        return ". ".join(part for part in (self.headline, self.band, self.origin, self.limits) if part)


def sex_words(sex: Sex | None) -> str:
    return _(_SEX[sex])


def sex_letter(sex: Sex | None) -> str:
    """For narrow places."""
    return pgettext("sex", _SEX_SHORT[sex])


def origin_words(origin: str) -> str:
    return _(_ORIGINS[origin]) if origin in _ORIGINS else origin


def person_view(*, age: Age | None, sex: Sex | None, corrected: bool,
                measurements: Iterable[Measurement] | None) -> PersonView:
    """Words for age, band, origin and the source of the limits. measurements: None while they are awaited."""
    headline = f"{age_words(age)} \N{MIDDLE DOT} {sex_words(sex)}"
    if age is None:
        return PersonView(headline, _("No limits and no age-dependent verdict until an age is entered."),
                          "", "", known=False)
    band = _("Age band {band}").format(band=_(age_band(age.days).text))
    if sex is None:
        band += " \N{MIDDLE DOT} " + _("limits of both sexes")
    origin = _("Age {origin}").format(origin=origin_words(age.origin))
    if corrected:
        origin += " \N{MIDDLE DOT} " + _("corrected, the file's own value is kept")
    return PersonView(headline, band, origin, _limits_words(measurements), known=True)


def _limits_words(measurements: Iterable[Measurement] | None) -> str:
    if measurements is None:
        return _("Limits: …")
    answers = [measurement.limit for measurement in measurements if measurement.limit is not None]
    sources = sorted({limit.name or limit.source for answer in answers for limit in answer.limits})
    if sources:
        return _("Limits: {sources}").format(sources=", ".join(sources))
    reasons = [render(answer.reason) for answer in answers if answer.reason is not None]
    return _("Limits: {reason}").format(reason=reasons[0]) if reasons else _("Limits: none for these measurements")
