"""Which recordings a run or a bundle may be judged on: never those of patients that it learnt from.

Thresholds and calibration are chosen on the choosing part, so this holds for both parts of a split. A published data
set's patients are told by the split that the run learnt with; recordings of one's own by the keys of what was seen.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.digests import ids_sha256
from peace_model.datasets.seen import keys_of
from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.datasets.wfdb_folder import DATASET as OWN_RECORDS
from peace_model.training.fields import read_fields
from peace_model.training.recipe import DataConfig
from peace_model.training.run_recipe import split_of, split_of_run


class JudgedError(Exception):
    """Recordings that a run may not be judged on; str() says why and what to do."""


def split_to_judge(name: str, state: Mapping[str, Any], store: Store, wanted: str | None) -> Split:
    """The split in which a run, or the run that a bundle was made of, is judged.

    name: of it, for errors. state: what it says of itself ("data", "seen", "seen_before"). store: opened with its
    profile and all its labels. wanted: a split's name; None for its own split on its own data set, own on another.
    Raises JudgedError where a patient to choose by or to test on is one of those it learnt from.
    """
    split = split_of(_asked(state, store, wanted), store, seen=state.get("seen_before", ()))
    judged = np.union1d(split.choose, split.test)
    if at_home(state, store) and _any_shared(store, judged, split_of_run(state, store).train):
        raise JudgedError(f"{name} learnt from patients of the split {split.name} on whom it would be judged; leave "
                          "out --split, or name recordings that it never learnt from")
    return split


def at_home(state: Mapping[str, Any], store: Store) -> bool:
    """Whether the store holds what the run learnt from, by its data set, or of one's own recordings by what was seen.
    """
    data = state.get("data") or {}
    if data.get("dataset") != store.dataset:
        return False
    if store.dataset != OWN_RECORDS:
        return True
    own = split_of_run(state, store)
    met = keys_of(store, np.union1d(own.train, own.choose)).union(state.get("seen_before", ()))
    return met == frozenset(state.get("seen", ()))


def judged_on(state: Mapping[str, Any], store: Store, split: Split, wanted: str | None = None) -> dict[str, Any]:
    """What an evaluation keeps of the recordings it was made on, by which an export knows that they are the run's own.
    """
    asked = _asked(state, store, wanted)
    return {"dataset": store.dataset, "split": asked.split, "kept": asked.kept,
            "ids_sha256": ids_sha256(store, split.choose, split.test)}


def refuse_as_held_out(name: str, state: Mapping[str, Any], store: Store, rows: NDArray[np.int64], what: str) -> None:
    """Raises JudgedError for rows with patients that a run learnt from or was chosen by. what: they are, in words."""
    if state.get("data") is None:
        raise JudgedError(f"{name} does not tell what it learnt from, so {what} is not known to be held out; export it "
                          "again")
    if not at_home(state, store):
        return
    own = split_of_run(state, store)
    if _any_shared(store, rows, np.union1d(own.train, own.choose)):
        raise JudgedError(f"{name} learnt from patients of {what} or was chosen by them, so it is not held out; name "
                          "other recordings")


def _any_shared(store: Store, rows: NDArray[np.int64], others: NDArray[np.int64]) -> bool:
    return bool(np.isin(store.patients[rows], store.patients[others]).any())


def _asked(state: Mapping[str, Any], store: Store, wanted: str | None) -> DataConfig:
    """The part of a run's data that decides what it is judged on; what it drew to learn from takes no part."""
    data = state.get("data") or {}
    own = data.get("split", "own") if data.get("dataset") == store.dataset else "own"
    return read_fields(DataConfig, {"profile": store.profile, "split": wanted or own, "kept": data.get("kept", "all")},
                       "split")
