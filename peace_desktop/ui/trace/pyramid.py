"""The lowest and highest sample of ever longer stretches of a lead: a day is drawn from it without reading it again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_desktop.ui.trace.samples import Samples

_BIN = 64
"""Samples of the finest level: a day at 500 Hz takes 6 MB."""
_FOLD = 4
_LEAST_BINS = 256
_BLOCK_SAMPLES = 1 << 21
"""Read at a time, a whole number of bins; between two blocks the work can be cancelled."""

Extremes = NDArray[np.float32]
"""Lowest and highest mV of every bin (2, n_bins), NaN where nothing was recorded."""


@dataclass(frozen=True, eq=False)
class Pyramid:
    """levels: the finest first, each of bins _FOLD times as long as those of the one before."""

    n_samples: int
    levels: tuple[Extremes, ...]

    def columns(self, first: float, last: float, count: int) -> Extremes:
        """Lowest and highest mV (2, count) of the samples from first to last, cut into `count` columns."""
        width = max((last - first) / max(count, 1), 1.0)
        level, size = 0, float(_BIN)
        while level + 1 < len(self.levels) and size * _FOLD <= width:
            level, size = level + 1, size * _FOLD
        extremes = self.levels[level]
        edges = first + np.arange(count + 1) * (last - first) / count
        begin = np.clip((edges[:-1] / size).astype(int), 0, extremes.shape[1] - 1)
        end = np.clip(np.ceil(edges[1:] / size).astype(int), begin + 1, extremes.shape[1])
        pairs = np.column_stack((begin, end)).ravel()
        padded = np.concatenate((extremes, np.full((2, 1), np.nan, np.float32)), axis=1)
        return np.stack((np.fmin.reduceat(padded[0], pairs)[::2], np.fmax.reduceat(padded[1], pairs)[::2]))


def build_pyramid(values_mv: Samples, *, progress: Callable[[int, int, str], None]) -> Pyramid:
    """The pyramid of a lead's samples (n_samples,), read block by block. Off the window's thread.

    progress: (done, total, text), called between blocks; what it raises ends the work.
    """
    count = len(values_mv)
    parts = []
    for start in range(0, count, _BLOCK_SAMPLES):
        progress(start, count, "")
        parts.append(_extremes(values_mv[start:start + _BLOCK_SAMPLES]))
    levels = [np.concatenate(parts, axis=1)]
    while levels[-1].shape[1] > _LEAST_BINS:
        finer = levels[-1]
        short = -finer.shape[1] % _FOLD
        folded = np.pad(finer, ((0, 0), (0, short)), constant_values=np.nan).reshape(2, -1, _FOLD)
        levels.append(np.stack((np.fmin.reduce(folded[0], axis=1), np.fmax.reduce(folded[1], axis=1))))
    return Pyramid(count, tuple(levels))


def _extremes(block: Samples) -> Extremes:
    short = -len(block) % _BIN
    bins = np.pad(np.asarray(block, np.float32), (0, short), constant_values=np.nan).reshape(-1, _BIN)
    return np.stack((np.fmin.reduce(bins, axis=1), np.fmax.reduce(bins, axis=1)))
