"""Who is learned from, chosen by and tested on: never one patient in two of these parts."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets import mds_ed
from peace_model.datasets.store import Store, StoreError
from peace_model.datasets.stratify import stratified_parts
from peace_model.ecg.age import AGE_BANDS, days_from_years

Rows = NDArray[np.int64]
ADULT_DAYS = days_from_years(18)
SPLIT_SEED = 42
TRAINING_FOLDS = tuple(range(1, 9))
CHOOSING_FOLD = 9
SHARES = (0.8, 0.1, 0.1)
SOURCE_FROM_YEARS, TARGET_FROM_YEARS, TARGET_BELOW_YEARS = 40, 18, 35


@dataclass(frozen=True, eq=False)
class Split:
    """Rows of a store, each array in rising order. seed: None where nothing was drawn."""

    name: str
    seed: int | None
    train: Rows
    choose: Rows
    test: Rows


def own_split(store: Store) -> Split:
    """The published folds of PTB-XL and MDS-ED; a grouped split of every other data set."""
    match store.dataset:
        case "ptbxl":
            return ptbxl_split(store)
        case mds_ed.DATASET:
            return mds_ed_split(store)
        case _:
            return grouped_split(store, SPLIT_SEED)


def ptbxl_split(store: Store) -> Split:
    """Adults of folds 1-8 to learn from, of fold 9 to choose by; everyone under 18 is the test (proxy F).

    Patients with any recording under 18 take no part in learning and choosing. Other folds stay out.
    """
    young = store.age_days < ADULT_DAYS
    adult = ~np.isin(store.patients, store.patients[young])
    return Split("PTB-XL folds 1-8, 9, under 18", None,
                 np.flatnonzero(adult & np.isin(store.folds, TRAINING_FOLDS)),
                 np.flatnonzero(adult & (store.folds == CHOOSING_FOLD)), np.flatnonzero(young))


def mds_ed_split(store: Store) -> Split:
    """Folds 0-17 to learn from, 18 to choose by, 19 the test; of a stay the last two hold its first ECG alone."""
    first = ~store.flagged(mds_ed.LATER_FLAG)
    return Split("MDS-ED folds 0-17, 18, 19", None, np.flatnonzero(store.folds < mds_ed.CHOOSING_FOLD),
                 np.flatnonzero(first & (store.folds == mds_ed.CHOOSING_FOLD)),
                 np.flatnonzero(first & (store.folds == mds_ed.TEST_FOLD)))


def grouped_split(store: Store, seed: int) -> Split:
    """8 : 1 : 1 by patient, balanced over labels, age bands and full or fewer leads (iterative stratification)."""
    patients, group = np.unique(store.patients, return_inverse=True)
    _, first = np.unique(store.recordings, return_index=True)
    counts = np.zeros((len(patients), 0), np.int64)
    for column in _strata(store).T:
        counts = np.column_stack([counts, np.bincount(group[first], column[first], len(patients)).astype(np.int64)])
    part = stratified_parts(counts, SHARES, np.random.default_rng(seed))[group]
    return Split("patients 8:1:1, stratified", seed, *(np.flatnonzero(part == place) for place in range(3)))


def age_shift(store: Store) -> tuple[Split, Split]:
    """Proxy B on PTB-XL: a source of 40 years and over and a target of 18 to 34 years, both by the published folds.

    Source: folds 1-8 to learn from, fold 9 to choose by, no test. Target: folds 1-5, 6-7, 8-9; no patient of the
    target is in the source.
    """
    target = (store.age_days >= days_from_years(TARGET_FROM_YEARS)) & (
        store.age_days < days_from_years(TARGET_BELOW_YEARS))
    young = np.isin(store.patients, store.patients[store.age_days < ADULT_DAYS])
    target &= ~young
    source = (store.age_days >= days_from_years(SOURCE_FROM_YEARS)) & ~young & ~np.isin(
        store.patients, store.patients[target])

    def rows(members: NDArray[np.bool_], *folds: int) -> Rows:
        return np.flatnonzero(members & np.isin(store.folds, folds))

    return (
        Split("PTB-XL 40 years and over, folds 1-8, 9", None, rows(source, *TRAINING_FOLDS),
              rows(source, CHOOSING_FOLD), np.array([], np.int64)),
        Split("PTB-XL 18 to 34 years, folds 1-5, 6-7, 8-9", None, rows(target, 1, 2, 3, 4, 5), rows(target, 6, 7),
              rows(target, 8, 9)))


def without_label(store: Store, split: Split, label: str) -> Split:
    """The split without any training row that has the label, or may have it (proxy C); it is chosen without it too.

    The test is the choosing part with its recordings of the label, which asks for what was never shown.
    Raises StoreError for a label that the profile does not hold.
    """
    if label not in store.labels:
        raise StoreError(f"{store.folder.name}: the profile {store.profile} has no label {label}")
    column = store.labels.index(label)
    free = (store.targets[:, column] == 0) & (store.known[:, column] > 0)
    return replace(split, name=f"{split.name}, without {label}", train=split.train[free[split.train]],
                   choose=split.choose[free[split.choose]], test=split.choose)


def draw_support(store: Store, rows: Rows, per_label: int, seed: int) -> Rows:
    """Few-shot support: of each label `per_label` recordings that have it, or all there are, drawn from the rows.

    A recording drawn for one label counts for its other labels too. A label that fewer than `per_label` of them are
    known not to have gets recordings without any label besides: a data set may ask for one label, and have none that
    is called normal. Draw from a split's training rows only: the test shares no patient with them.
    """
    rng = np.random.default_rng(seed)
    first = rows[np.unique(store.recordings[rows], return_index=True)[1]]
    chosen = np.zeros(len(first), bool)
    targets = store.targets[first] > 0
    # Rare labels first: their recordings are taken anyway and may serve the frequent ones.
    for column in np.argsort(targets.sum(axis=0), kind="stable"):
        missing = per_label - int((targets[:, column] & chosen).sum())
        candidates = np.flatnonzero(targets[:, column] & ~chosen)
        if missing > 0:
            chosen[rng.permutation(candidates)[:missing]] = True
    without = (store.known[first] > 0) & ~targets
    free = ~targets.any(axis=1)
    for column in np.flatnonzero((targets & chosen[:, None]).any(axis=0)):
        missing = per_label - int((without[:, column] & chosen).sum())
        candidates = np.flatnonzero(without[:, column] & free & ~chosen)
        if missing > 0:
            chosen[rng.permutation(candidates)[:missing]] = True
    return rows[np.isin(store.recordings[rows], store.recordings[first[chosen]])]


def draw_share(store: Store, rows: Rows, share: float, seed: int) -> Rows:
    """All recordings of patients drawn at random, until they are this share of the rows, or just over; a smaller share
    of the same seed lies within a larger one."""
    patients, group = np.unique(store.patients[rows], return_inverse=True)
    order = np.random.default_rng([seed, 3]).permutation(len(patients))
    sizes = np.bincount(group)[order]
    taken = order[: int(np.searchsorted(np.cumsum(sizes), share * len(rows) - 1e-9)) + 1]
    return rows[np.isin(group, taken)]


def _strata(store: Store) -> NDArray[np.int64]:
    """What a grouped split balances, one column each: labels, age bands, age unknown, fewer than 12 leads."""
    bands = [(store.age_days >= band.min_days) & (store.age_days < band.max_days) for band in AGE_BANDS]
    full = (store.lead_mask > 0).all(axis=1)
    return np.column_stack([store.strata, *bands, np.isnan(store.age_days), ~full]).astype(np.int64)
