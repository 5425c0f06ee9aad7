"""Sentences this package hands over in English for the application to translate: marked where they are written."""

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


def mark(text: str) -> str:
    """Marks a text of a table for translation; a template given straight to a finding or reason needs no mark."""
    return text
