"""Small judged recordings for tests of figures."""

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.scored import Scored


def scored_of(
    scores: NDArray[np.floating], targets: NDArray[np.integer], *, known: NDArray[np.bool_] | None = None,
    patients: NDArray[np.str_] | None = None, labels: tuple[str, ...] | None = None,
) -> Scored:
    """Labels A, B, ... unless named; everything known and every recording of a patient of its own unless said."""
    return Scored(
        labels=labels or tuple("ABCDEFGH"[: targets.shape[1]]), logits=np.asarray(scores, np.float32),
        targets=targets.astype(np.uint8), known=np.ones(targets.shape, bool) if known is None else known,
        patients=np.arange(len(targets)).astype(str) if patients is None else patients, rows=np.arange(len(targets)))
