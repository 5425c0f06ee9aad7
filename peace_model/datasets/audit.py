"""What is in a store: counts per label and group, who the people are, what is unknown, repeated or out of place."""

import hashlib
from collections import Counter, defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.ecg.age import AGE_BANDS
from peace_model.labels import groups_of

PARTS = ("train", "choose", "test")
SHOWN = 10
_CHUNK = 512


def audit(store: Store, split: Split) -> dict[str, Any]:
    """JSON-ready counts of recordings (not of windows), over the whole store and in each part of the split."""
    first = np.unique(store.recordings, return_index=True)[1]
    members = {part: np.intersect1d(first, getattr(split, part)) for part in PARTS}
    rows = {"all": first, **members}
    return {
        "dataset": store.dataset, "profile": store.profile, "fs_hz": store.spec.fs_hz, "split": split.name,
        "windows": len(store), "recordings": {name: len(of) for name, of in rows.items()},
        "patients": {name: len(np.unique(store.patients[of])) for name, of in rows.items()},
        "labels": {label: _label(store, column, rows) for column, label in enumerate(store.labels)},
        "groups": {group: _group(store, codes, rows) for group, codes in groups_of(store.profile).items()},
        "age_bands": _age_bands(store.age_days[first]),
        "sex": {name: int((store.sex[first] == code).sum()) for name, code in (
            ("F", "F"), ("M", "M"), ("unknown", ""))},
        "leads": {str(count): number for count, number in sorted(
            Counter((store.lead_mask[first] > 0).sum(axis=1).tolist()).items(), reverse=True)},
        "seconds": _seconds(store),
        "flags": dict(sorted(Counter(code for row in first for code in store.flags[row]).items())),
        "repeated_signals": repeated_signals(store),
        "patients_in_several_parts": shared_patients(store, split),
    }


def shared_patients(store: Store, split: Split) -> dict[str, int]:
    """Number of patients that stand in two parts; all zero in a split that may be used."""
    people = {part: set(store.patients[getattr(split, part)]) for part in PARTS}
    return {f"{one} and {other}": len(people[one] & people[other])
            for one, other in (("train", "choose"), ("train", "test"), ("choose", "test"))}


def repeated_signals(store: Store) -> dict[str, Any]:
    """Windows that are, digit for digit, those of another recording, and how often of another patient's."""
    holders: dict[bytes, list[int]] = defaultdict(list)
    for start in range(0, len(store), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(store)))
        for row, window in zip(rows, store.windows(rows), strict=True):
            holders[hashlib.blake2b(window.tobytes(), digest_size=16).digest()].append(int(row))
    alike = [rows for rows in holders.values() if len(np.unique(store.recordings[rows])) > 1]
    return {"groups": len(alike),
            "across_patients": sum(len(np.unique(store.patients[rows])) > 1 for rows in alike),
            "examples": [sorted({str(store.ids[row]) for row in rows}) for rows in alike[:SHOWN]]}


def _label(store: Store, column: int, rows: dict[str, NDArray[np.int64]]) -> dict[str, dict[str, int]]:
    return {name: {"present": int(store.targets[of, column].sum()), "open": int((store.known[of, column] == 0).sum())}
            for name, of in rows.items()}


def _group(store: Store, codes: tuple[str, ...], rows: dict[str, NDArray[np.int64]]) -> dict[str, int]:
    """Recordings with at least one label of the group."""
    columns = [store.labels.index(code) for code in codes]
    return {name: int(store.targets[of][:, columns].any(axis=1).sum()) for name, of in rows.items()}


def _age_bands(age_days: NDArray[np.float32]) -> dict[str, int]:
    counts = {band.code: int(((age_days >= band.min_days) & (age_days < band.max_days)).sum()) for band in AGE_BANDS}
    return {**counts, "unknown": int(np.isnan(age_days).sum())}


def _seconds(store: Store) -> dict[str, float]:
    """Shortest, median and longest recording, of what was kept."""
    samples = np.bincount(store.recordings, store.valid_samples) / store.spec.fs_hz
    return {"shortest": float(samples.min()), "median": float(np.median(samples)), "longest": float(samples.max())}
