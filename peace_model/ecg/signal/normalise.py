"""Gaps and units of the model's input: bridging NaN before filtering, standardising with the training set's figures."""

import numpy as np
from numpy.typing import NDArray


def bridge_gaps(signal_mv: NDArray[np.float64]) -> NDArray[np.float64]:
    """NaN replaced by straight lines between neighbours (ends held), zeros where a lead has no finite sample.

    Only so that a filter can run: callers keep the NaN positions and blank them again afterwards.
    """
    bridged = signal_mv.copy()
    for row in bridged:
        finite = np.isfinite(row)
        if finite.all():
            continue
        if not finite.any():
            row[:] = 0.0
            continue
        positions = np.flatnonzero(finite)
        gaps = np.flatnonzero(~finite)
        row[gaps] = np.interp(gaps, positions, row[positions])
    return bridged


def standardise(
    signal_mv: NDArray[np.float64], *, mean_mv: NDArray[np.float64], std_mv: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(x - mean) / std per lead, (12, n). The figures come from the training set: per-recording z-scores would
    take the voltage away, and with it hypertrophy and low voltage."""
    return np.asarray((signal_mv - mean_mv[:, None]) / std_mv[:, None])
