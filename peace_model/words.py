"""Sentences this package hands over in English for the application to translate: marked where they are written.

What RecordingError and BundleError say needs no mark; where it has values it is `worded`.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """An English template with named fields, and the values that fill them; code is stable."""

    code: str
    template: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.template.format(**dict(self.values))


class Worded(str):
    """A text made from an English template with named fields: it knows both, so that it can be said otherwise."""

    template: str
    values: tuple[tuple[str, str], ...]


def worded(template: str, **values: object) -> Worded:
    """The template filled. A value that is a marked text itself is translated with it."""
    said = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
    made = Worded(template.format(**said))
    made.template, made.values = template, tuple(said.items())
    return made


class NamesInARow(str):
    """Names of one kind, one after the other: each of them may be a marked text."""

    names: tuple[str, ...]


def in_a_row(names: Iterable[str]) -> NamesInARow:
    """The names with commas between them."""
    given = tuple(names)
    made = NamesInARow(", ".join(given))
    made.names = given
    return made


def mark(text: str) -> str:
    """Marks a text of a table for translation; a template given straight to a finding or reason needs no mark."""
    return text
