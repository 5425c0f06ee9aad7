"""From the statements of many recordings to targets: each different statement is read once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.labels import CodeMap, is_diagnosis

LEAST_RECORDINGS = 10
"""A statement with fewer teaches nothing."""
MOST_STATEMENTS = 128


@dataclass(frozen=True, eq=False)
class StatementTable:
    """texts: the different statements. recording, text: int arrays (k,), one pair for each statement made."""

    texts: tuple[str, ...]
    recording: NDArray[np.int64]
    text: NDArray[np.int64]
    recordings: int

    def mark(self, hits: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """uint8 (recordings,): 1 where any statement of the recording is among the hits, bool (len(texts),)."""
        marked = np.zeros(self.recordings, np.uint8)
        marked[self.recording[hits[self.text]]] = 1
        return marked

    def frequent(self, plain: Callable[[str], str]) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
        """Names and presence, uint8 (recordings, S), of statements that at least 10 recordings carry, at most 128.

        Statements that are the same in their plain form (without modifiers, in lower case) count as one. Diagnoses are
        none: they are not said of the ECG.
        """
        names = np.array([plain(text) for text in self.texts], dtype=object)
        found = [(name, self.mark(names == name)) for name in sorted({*names}) if not is_diagnosis(name)]
        found = [(name, present) for name, present in found if present.sum() >= LEAST_RECORDINGS]
        often = sorted(found, key=lambda item: (-int(item[1].sum()), item[0]))[:MOST_STATEMENTS]
        chosen = sorted(often, key=lambda item: item[0])
        if not chosen:
            return (), np.zeros((self.recordings, 0), np.uint8)
        return tuple(name for name, _ in chosen), np.stack([present for _, present in chosen], axis=1)


def targets_of(code_map: CodeMap, table: StatementTable) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """targets and known, uint8 (recordings, C) each: what CodeMap.labels_of and open_labels say of every recording."""
    readings = [code_map.read(text) for text in table.texts]

    def marked(label: str, *, positive: bool) -> NDArray[np.bool_]:
        named = (label in (reading.positive if positive else reading.open) for reading in readings)
        return table.mark(np.fromiter(named, bool, len(readings))) > 0

    diagnosed = table.mark(np.fromiter((is_diagnosis(text) for text in table.texts), bool, len(readings))) > 0
    stated = {label: marked(label, positive=True) for label in code_map.read_labels}
    targets = np.zeros((table.recordings, len(code_map.codes)), np.uint8)
    known = np.ones_like(targets)
    for column, label in enumerate(code_map.codes):
        present = stated[label].copy()
        for other in code_map.cancelled_by.get(label, ()):
            present &= ~stated[other]
        targets[:, column] = present
        if label not in code_map.stated:
            known[:, column] = 0
        else:
            known[marked(label, positive=False) & ~present, column] = 0
        if label in code_map.diagnosed:
            known[~diagnosed, column] = 0
    return targets, known
