"""What a model said of recordings beside what is known of them: the one input of every figure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peace_model.inference.calibration import joined

if TYPE_CHECKING:
    from peace_model.datasets.store import Store


@dataclass(frozen=True, eq=False)
class Scored:
    """n recordings and C labels.

    logits float32 (n, C); targets uint8 (n, C); known bool (n, C), False where the truth is uncertain and the
    recording counts for nothing; patients (n,). rows int64 (n,): the store's row of each recording's first window.
    """

    labels: tuple[str, ...]
    logits: NDArray[np.float32]
    targets: NDArray[np.uint8]
    known: NDArray[np.bool_]
    patients: NDArray[np.str_]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def positives(self) -> NDArray[np.int64]:
        """Known positives per label (C,)."""
        return np.asarray((self.targets.astype(bool) & self.known).sum(axis=0))

    @property
    def negatives(self) -> NDArray[np.int64]:
        """Known negatives per label (C,)."""
        return np.asarray((~self.targets.astype(bool) & self.known).sum(axis=0))

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Scored":
        """Some of the recordings."""
        return replace(self, logits=self.logits[chosen], targets=self.targets[chosen], known=self.known[chosen],
                       patients=self.patients[chosen], rows=self.rows[chosen])

    def only(self, labels: Sequence[str]) -> "Scored":
        """Some of the labels, in the order asked for."""
        columns = [self.labels.index(code) for code in labels]
        return replace(self, labels=tuple(labels), logits=self.logits[:, columns], targets=self.targets[:, columns],
                       known=self.known[:, columns])

    def with_any_of(self, labels: Sequence[str]) -> "Scored":
        """The recordings with at least one of the labels known to be there: PEACE's rule for its nine."""
        some = self.only(labels)
        return self.take(np.flatnonzero((some.targets.astype(bool) & some.known).any(axis=1)))


def scored(store: "Store", rows: NDArray[np.int64], logits: NDArray[np.float32]) -> Scored:
    """Logits (len(rows), C) of a store's windows as recordings; the windows of one recording share their truth."""
    _, first, window_of = np.unique(store.recordings[rows], return_index=True, return_inverse=True)
    firsts = rows[first]
    return Scored(labels=tuple(store.labels), logits=joined(logits, window_of), targets=np.array(store.targets[firsts]),
                  known=np.array(store.known[firsts]).astype(bool), patients=store.patients[firsts], rows=firsts)
