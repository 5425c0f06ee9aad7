"""Recordings of one's own that a network has seen before: its next round may learn from them, never be judged on them.

A run and a bundle list the keys of what they learnt from or were chosen by (`inference.bundle.seen_key`). Where one
recording of a patient was seen, all of that patient's in the store count as seen.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets import wfdb_folder
from peace_model.datasets.splits import Rows, Split
from peace_model.datasets.store import Store
from peace_model.inference.bundle import seen_key


def keys_of(store: Store, rows: Rows) -> frozenset[str]:
    """`seen_key` of the rows' records; none of a published data set, which is told by its name."""
    if store.dataset != wfdb_folder.DATASET:
        return frozenset()
    return frozenset(seen_key(str(name)) for name in np.unique(store.ids[rows]))


def seen_patients(store: Store, seen: Collection[str]) -> NDArray[np.bool_]:
    """Which rows are of patients of whom a recording was seen, bool (n,)."""
    if store.dataset != wfdb_folder.DATASET or not seen:
        return np.zeros(len(store), bool)
    held = frozenset(seen)
    return np.isin(store.patients, store.patients[[seen_key(str(name)) in held for name in store.ids]])


def seen_to_training(store: Store, split: Split, seen: Collection[str]) -> Split:
    """The split with every row of seen patients that it would choose by or test on among those to learn from."""
    known = seen_patients(store, seen)
    moved = [rows[known[rows]] for rows in (split.choose, split.test)]
    return replace(_without(split, known), train=np.union1d(split.train, np.concatenate(moved)))


def unseen(store: Store, split: Split, seen: Collection[str]) -> tuple[Split, int]:
    """The split without seen patients in what is chosen by and tested on; how many recordings were left out there."""
    kept = _without(split, seen_patients(store, seen))
    judged, left = (np.unique(store.recordings[np.union1d(one.choose, one.test)]) for one in (split, kept))
    return kept, len(judged) - len(left)


def _without(split: Split, known: NDArray[np.bool_]) -> Split:
    choose, test = (rows[~known[rows]] for rows in (split.choose, split.test))
    if len(choose) == len(split.choose) and len(test) == len(split.test):
        return split
    return replace(split, name=f"{split.name}, seen patients apart", choose=choose, test=test)
