"""Iterative stratification of groups over many labels (Sechidis, Tsoumakas & Vlahavas, ECML PKDD 2011).

The rarest label that is still to be shared out goes first, each group to the part that lacks most of it. Groups are
patients here: all recordings of one stay together, and count with as many recordings as they have of each label.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def stratified_parts(
    counts: NDArray[np.int64], shares: Sequence[float], rng: np.random.Generator
) -> NDArray[np.int64]:
    """The part of each group, int64 (groups,), from 0. counts (groups, labels): recordings of each label in a group.

    shares: of the parts, adding up to 1. Ties go to the part that lacks most groups, then to chance.
    """
    groups, labels = counts.shape
    wanted = np.outer(np.asarray(shares), counts.sum(axis=0)).astype(np.float64)
    places = np.asarray(shares) * groups
    part = np.full(groups, -1)
    order = rng.permutation(groups)
    while True:
        free = order[part[order] < 0]
        left = counts[free].sum(axis=0) if labels else np.zeros(0)
        if not (left > 0).any():
            break
        label = int(np.where(left > 0, left, np.iinfo(np.int64).max).argmin())
        # In random order: with the largest groups first one part would get all patients who come often.
        for group in free[counts[free, label] > 0]:
            _place(group, _neediest([wanted[:, label], places], rng), counts, wanted, places, part)
    for group in order[part[order] < 0]:
        _place(group, _neediest([places], rng), counts, wanted, places, part)
    return part


def _neediest(needs: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> int:
    candidates = np.arange(len(needs[0]))
    for need in needs:
        candidates = candidates[need[candidates] == need[candidates].max()]
    return int(candidates[0] if len(candidates) == 1 else rng.choice(candidates))


def _place(
    group: int, where: int, counts: NDArray[np.int64], wanted: NDArray[np.float64], places: NDArray[np.float64],
    part: NDArray[np.int64],
) -> None:
    part[group] = where
    wanted[where] -= counts[group]
    places[where] -= 1
