"""Two ways in which data sets word their statements: codes that are compared, and sentences that are searched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

Found = tuple[frozenset[str], frozenset[str]]
"""Labels that a statement states, and labels that it leaves open."""

_MODIFIER = re.compile(r"^([A-Z]\(?[\d+]*\)?)\+([A-Za-z].*)$")
"""An AHA statement followed by modifiers, as in "L145+Modifier362" (pattern of ECGBench)."""


class Matcher(Protocol):
    """How a data set's statements are compared with the map."""

    def plain(self, statement: str) -> str:
        """The statement as it is compared."""

    def match(self, plain: str) -> Found:
        """What a plain statement says."""


@dataclass(frozen=True)
class Exact:
    """Codes: the whole statement counts, without its modifiers where the data set has them."""

    codes: Mapping[str, tuple[str, ...]]
    uncertain: Mapping[str, tuple[str, ...]]
    strips_modifiers: bool

    def plain(self, statement: str) -> str:
        text = statement.strip()
        found = _MODIFIER.match(text) if self.strips_modifiers else None
        return found.group(1) if found else text

    def match(self, plain: str) -> Found:
        return (frozenset(label for label, texts in self.codes.items() if plain in texts),
                frozenset(label for label, texts in self.uncertain.items() if plain in texts))


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


def _any(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
