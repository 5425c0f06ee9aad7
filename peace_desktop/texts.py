"""The words of the interface: one gettext catalogue for windows, reports and messages alike.

English stands in the code. A catalogue is `resources/i18n/<language>/LC_MESSAGES/peace_desktop.mo`. `peace_model` never
translates: it hands over English templates with values, which `render` fills after translating the template.
"""

import gettext
import locale
from collections.abc import Iterable
from typing import Protocol

from peace_model.ecg.age import Age, age_text, age_text_in
from peace_model.ecg.formats.csv_profile import ProfileError
from peace_model.ecg.recording import RecordingError
from peace_model.inference.bundle_fields import BundleError
from peace_model.resources import resource
from peace_model.words import NamesInARow, Worded, mark

__all__ = [
    "age_words", "as_fact", "as_sentence", "aside", "error_words", "filled", "in_clauses", "in_words", "listed", "mark",
    "ngettext", "pgettext", "pmark", "put_together", "render", "use_language", "without_stop",
]

DOMAIN = "peace_desktop"
ENGLISH = "en"
_NAMES_IN_A_ROW = ("leads", "channels", "pairs", "groups")
"""Fields of findings and reasons whose value is several names with ", " between them."""

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


def listed(names: Iterable[str]) -> str:
    """Names of one kind in a row: leads, files, readers."""
    return pgettext("between names", ", ").join(names)


def put_together(*parts: str) -> str:
    """Words that say one thing together, each understood without the others; empty ones are left out."""
    return pgettext("between words", ", ").join(filter(None, parts))


def in_clauses(clauses: Iterable[str]) -> str:
    """Clauses with commas of their own, one after the other; empty ones are left out."""
    return pgettext("between clauses", "; ").join(filter(None, clauses))


def as_fact(name: str, words: str) -> str:
    """A name and what is said of it."""
    return pgettext("fact", "{name}: {words}").format(name=name, words=words)


def aside(words: str) -> str:
    """Words in brackets, to stand behind others; "" for none."""
    return pgettext("aside", " ({words})").format(words=words) if words else ""


def as_sentence(words: str) -> str:
    """Words with the full stop of the reader's language."""
    return pgettext("sentence", "{words}.").format(words=words)


def without_stop(sentence: str) -> str:
    """A sentence that is to stand inside another one."""
    return sentence.rstrip(".\N{IDEOGRAPHIC FULL STOP}")


def render(said: Templated) -> str:
    """A finding or reason as a sentence in the reader's language; so are values that are words, such as an age band."""
    return _(said.template).format(**{name: filled(name, value) for name, value in said.values})


def error_words(error: BaseException) -> str:
    """What an error says, in one line and the reader's language: file, field, problem and remedy where it has these."""
    if isinstance(error, RecordingError):
        template = _("{file}: {field}: {problem}; {remedy}")
    elif isinstance(error, BundleError):
        template = _("{file}: {field} {problem}; {remedy}")
    elif isinstance(error, ProfileError):
        return in_words(error.problem)
    else:
        return str(error)
    return " ".join(template.format(file=error.file.name, field=in_words(error.field), problem=in_words(error.problem),
                                    remedy=in_words(error.remedy)).split())


def in_words(text: str) -> str:
    """A text that `peace_model` wrote in English, in the reader's language."""
    if isinstance(text, Worded):
        return _(text.template).format(**{name: in_words(value) for name, value in text.values})
    if isinstance(text, NamesInARow):
        return listed(map(_, text.names))
    return _(text)


def filled(name: str, value: str) -> str:
    """The value of a finding's or reason's field in the reader's language."""
    if name == "age":
        return age_text_in(value, ngettext)
    return listed(value.split(", ")) if name in _NAMES_IN_A_ROW else _(value)


def age_words(age: Age | None) -> str:
    """The age in words; an unknown age is said to be unknown and is never a number."""
    return age_text(age, ngettext) if age is not None else _("Age unknown")
