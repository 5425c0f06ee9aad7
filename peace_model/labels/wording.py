"""Two ways in which data sets word their statements: codes that are compared, and sentences that are searched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

Found = tuple[frozenset[str], frozenset[str]]
"""Labels that a statement states, and labels that it leaves open."""

_MODIFIER = re.compile(r"^([A-Z]\(?[\d+]*\)?)\+([A-Za-z].*)$")
"""An AHA statement followed by modifiers, as in "L145+Modifier362" (pattern of ECGBench)."""
DIAGNOSIS = "ICD-10 "
"""Begins a statement that is a disease of the patient and not one about the ECG."""
_PREFIX = re.compile(rf"^{DIAGNOSIS}\([A-Z]+\) ?")
"""A data set's own refinement of an ICD-10 code, as in "(FO) Q21.1"."""
ANY_END = "*"


class Matcher(Protocol):
    """How a data set's statements are compared with the map."""

    def plain(self, statement: str) -> str:
        """The statement as it is compared."""

    def match(self, plain: str) -> Found:
        """What a plain statement says."""


@dataclass(frozen=True)
class Exact:
    """Codes: the whole statement counts, without modifiers or prefix where the data set has them; a code that ends in *
    stands for all that begin so."""

    codes: Mapping[str, tuple[str, ...]]
    uncertain: Mapping[str, tuple[str, ...]]
    strips_modifiers: bool

    def plain(self, statement: str) -> str:
        text = statement.strip()
        found = _MODIFIER.match(text) if self.strips_modifiers else None
        return found.group(1) if found else _PREFIX.sub(DIAGNOSIS, text)

    def match(self, plain: str) -> Found:
        return (frozenset(label for label, codes in self.codes.items() if _named(codes, plain)),
                frozenset(label for label, codes in self.uncertain.items() if _named(codes, plain)))


@dataclass(frozen=True)
class Wording:
    """Sentences in lower case: a pattern found anywhere in one states its label, unless a word makes it uncertain."""

    codes: Mapping[str, tuple[re.Pattern[str], ...]]
    uncertain: Mapping[str, tuple[re.Pattern[str], ...]]
    uncertain_words: tuple[re.Pattern[str], ...]
    negating_words: tuple[re.Pattern[str], ...]

    @classmethod
    def compiled(
        cls, codes: Mapping[str, tuple[str, ...]], uncertain: Mapping[str, tuple[str, ...]], *,
        uncertain_words: tuple[str, ...], negating_words: tuple[str, ...],
    ) -> "Wording":
        """Raises re.error for a pattern that is none."""
        def patterns(texts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
            return tuple(re.compile(text) for text in texts)

        return cls({label: patterns(texts) for label, texts in codes.items()},
                   {label: patterns(texts) for label, texts in uncertain.items()},
                   patterns(uncertain_words), patterns(negating_words))

    def plain(self, statement: str) -> str:
        return " ".join(statement.casefold().split()).rstrip(".")

    def match(self, plain: str) -> Found:
        if _any(self.negating_words, plain):
            return frozenset(), frozenset()
        unsure = frozenset(label for label, patterns in self.uncertain.items() if _any(patterns, plain))
        named = frozenset(label for label, patterns in self.codes.items() if _any(patterns, plain))
        if _any(self.uncertain_words, plain):
            return frozenset(), named | unsure
        return named - unsure, unsure


def _named(codes: tuple[str, ...], plain: str) -> bool:
    return plain in codes or any(
        plain.startswith(code.removesuffix(ANY_END)) for code in codes if code.endswith(ANY_END))


def _any(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
