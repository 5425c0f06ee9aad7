"""The median of a group's beats, on which small waves stand out of the noise."""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.working_signal import Array, windows

Samples = NDArray[np.int64]


def median_window(signal_mv: Array, r: Samples, *, before: int, after: int) -> tuple[Array, Array]:
    """Median (n_leads, before + after) of the beats whose window is complete, and its standard error (n_leads,) in mV.

    With no complete window all beats take part, edge values standing in for what was not recorded. The error is NaN
    for a single beat.
    """
    complete = r[(r >= before) & (r + after <= signal_mv.shape[1])]
    cut = windows(signal_mv, complete if len(complete) else r, before, after)
    median = np.median(cut, axis=1)
    n = cut.shape[1]
    if n < 2:
        return median, np.full(len(signal_mv), np.nan)
    # The median's standard error is 1.25 times the mean's; 1.4826 MAD is the deviation of one beat.
    spread = np.median(np.abs(cut - median[:, None]), axis=(1, 2)) * 1.4826 * np.sqrt(n / (n - 1))
    return median, 1.25 * spread / np.sqrt(n)
