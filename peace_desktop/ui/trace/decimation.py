"""Which samples to draw when several share a pixel column: the lowest and the highest of each, in their order in time.

The idea is that of peak down-sampling in mne-qt-browser and of min/max aggregation in general (Jugel 2014, "M4: a
visualization-oriented time series data aggregation"): what a column of pixels can show is its lowest and highest
sample, so an R wave of one sample survives every zoom.
"""

import numpy as np
from numpy.typing import NDArray

from peace_desktop.ui.trace.samples import Samples


def column_step(*, samples_per_mm: float, device_pixels_per_mm: float) -> int:
    """How many whole samples fit in one column of device pixels; at least 1."""
    return max(1, int(samples_per_mm / device_pixels_per_mm))


def peak_indices(values: Samples, step: int, *, first: int = 0) -> NDArray[np.intp]:
    """Ascending indices of the samples to draw of `values` (n,), where `step` neighbours share a column.

    first: the recording's sample that values[0] is; columns begin at multiples of `step` of the recording, so that a
    scrolled trace keeps its columns and does not shimmer. Every column keeps its lowest, its highest and, where
    samples are missing, a missing one (NaN), so that a gap stays a gap. The first and last sample are always there.
    """
    count = len(values)
    if step <= 1 or count <= 2:
        return np.arange(count)
    before = first % step
    columns = -(-(before + count) // step)
    padded = np.full(columns * step, np.inf)
    padded[before : before + count] = values
    missing = np.isnan(padded)
    low = np.where(missing, np.inf, padded).reshape(columns, step)
    padded[missing | np.isinf(padded)] = -np.inf
    high = padded.reshape(columns, step)
    gaps = missing.reshape(columns, step)
    starts = np.arange(columns) * step
    with_gap = np.flatnonzero(gaps.any(axis=1))
    picked = np.concatenate((
        (before, before + count - 1),
        starts + low.argmin(axis=1),
        starts + high.argmax(axis=1),
        starts[with_gap] + gaps[with_gap].argmax(axis=1),
    ))
    picked.sort()
    inside = picked[(picked >= before) & (picked < before + count)] - before
    return inside[np.diff(inside, prepend=-1) > 0]
