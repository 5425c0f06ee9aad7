"""The words of the interface: one gettext catalogue for windows, reports and messages alike.

English stands in the code. A catalogue is `resources/i18n/<language>/LC_MESSAGES/peace_desktop.mo`. `peace_model` never
translates: it hands over English templates with values, which `render` fills after translating the template.
"""

import gettext
import locale
from typing import Protocol

from peace_model.ecg.age import Age, age_text
from peace_model.resources import resource
from peace_model.words import mark

__all__ = ["age_words", "mark", "ngettext", "pgettext", "pmark", "render", "use_language"]

DOMAIN = "peace_desktop"
ENGLISH = "en"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


class Templated(Protocol):
    """What `peace_model` says in words: a finding or a reason."""

    @property
    def template(self) -> str: ...

    @property
    def values(self) -> tuple[tuple[str, str], ...]: ...


def use_language(language: str) -> str:
    """Load the catalogue of a language ("system", "en", "zh_CN"); returns the language really used.

    A language without a catalogue falls back to English.
    """
    global _catalogue
    wanted = (locale.getlocale()[0] or ENGLISH) if language == "system" else language
    try:
        folder = resource("i18n")
        _catalogue = gettext.translation(DOMAIN, folder, languages=[wanted])
    except FileNotFoundError:
        _catalogue = gettext.NullTranslations()
        return ENGLISH
    return wanted


def _(text: str) -> str:
    """The text in the reader's language."""
    return _catalogue.gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The right plural template for a count."""
    return _catalogue.ngettext(singular, plural, count)


def pgettext(context: str, text: str) -> str:
    """The text in the reader's language where the same English word means two things."""
    return _catalogue.pgettext(context, text)


def pmark(context: str, text: str) -> str:
    """Marks a text of a table for translation in a context; the table's reader translates it with `pgettext`."""
    return text


def render(said: Templated) -> str:
    """A finding or reason as a sentence in the reader's language; so are values that are words, such as an age band."""
    return _(said.template).format(**{name: _(value) for name, value in said.values})


def age_words(age: Age | None) -> str:
    """The age in words; an unknown age is said to be unknown and is never a number."""
    return age_text(age, ngettext) if age is not None else _("Age unknown")
