"""Where a wave's slope falls to its rest, walking outward from the wave."""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.working_signal import Array

Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]


def rightward(loud: Bools, start: Indices, *, stay: int, limit: int) -> Indices:
    """For each row the first sample at or after its start that `stay` quiet samples follow, at most `limit`."""
    n = loud.shape[1]
    total = np.cumsum(np.pad(loud, ((0, 0), (1, stay + 1))), axis=1)
    quiet = (total[:, 1 + stay:n + 1 + stay] == total[:, 1:n + 1]) & (np.arange(n) >= start[:, None])
    quiet[:, min(limit, n - 1):] = True
    return np.asarray(np.maximum(quiet.argmax(axis=1), np.minimum(start, limit)), dtype=np.int64)


def leftward(loud: Bools, start: Indices, *, stay: int, limit: int) -> Indices:
    """For each row the last sample at or before its start that `stay` quiet samples precede, at least `limit`."""
    last = loud.shape[1] - 1
    return np.asarray(last - rightward(loud[:, ::-1], last - start, stay=stay, limit=last - limit), dtype=np.int64)


def flank(speed: Array, first: int, last: int, share: float, *, end: bool) -> tuple[Indices, Array]:
    """For each row the earliest (or latest) sample of [first, last] with this share of the greatest value there, and
    that greatest value."""
    part = speed[:, first:last + 1]
    greatest = part.max(axis=1)
    steep = part >= share * greatest[:, None]
    if end:
        return np.asarray(last - steep[:, ::-1].argmax(axis=1), dtype=np.int64), np.asarray(greatest)
    return np.asarray(first + steep.argmax(axis=1), dtype=np.int64), np.asarray(greatest)


def ranked(values: Indices, rank: int, *, latest: bool) -> float:
    """The rank-th earliest (or latest) of the leads' values; ranks are those of twelve leads and shrink with fewer."""
    ordered = np.sort(values)[::-1] if latest else np.sort(values)
    return float(ordered[min(len(ordered) - 1, round(rank * (len(ordered) - 1) / 11))])
