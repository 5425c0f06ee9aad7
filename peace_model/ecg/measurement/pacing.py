"""Pacing spikes: pulses of a millisecond or two that no heart makes, found and bridged before anything is measured.

A spike stands out from the samples 6 ms before and after it, in all leads together, by more than the signal moves
beside it. The R wave of the narrowest QRS does not: it still has its slopes there.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from peace_model.ecg.measurement.working_signal import Array

_LEAST_MV = 0.25
_OVER_MOVEMENT = 1.5
_HALF_WIDTH_S = 0.006
_BESIDE_S = 0.016
_LOWEST_RATE_HZ = 240.0
_APART_S = 0.010


def find_spikes(signal_mv: Array, fs_hz: float) -> NDArray[np.int64]:
    """Samples of pacing spikes, rising; empty below 240 samples a second, where a spike cannot be told.

    signal_mv: float64 (n_leads, n_samples) without NaN.
    """
    half, beside = round(_HALF_WIDTH_S * fs_hz), round(_BESIDE_S * fs_hz)
    if fs_hz < _LOWEST_RATE_HZ or signal_mv.shape[1] <= 2 * beside or len(signal_mv) == 0:
        return np.zeros(0, dtype=np.int64)
    middle = signal_mv[:, half:-half]
    left, right = middle - signal_mv[:, :-2 * half], middle - signal_mv[:, 2 * half:]
    height = np.where(left * right > 0, np.minimum(np.abs(left), np.abs(right)), 0.0)
    together = np.sqrt((height ** 2).sum(axis=0))
    peaks, _ = find_peaks(together, height=_LEAST_MV, distance=max(1, round(_APART_S * fs_hz)))
    return np.array([at + half for at in peaks
                     if together[at] > _OVER_MOVEMENT * _movement(signal_mv, at + half, half, beside)], dtype=np.int64)


def bridged(signal_mv: Array, spikes: NDArray[np.int64], fs_hz: float) -> Array:
    """The signal with a straight line from 6 ms before to 8 ms after each spike."""
    if len(spikes) == 0:
        return signal_mv
    out = signal_mv.copy()
    before, after = round(_HALF_WIDTH_S * fs_hz), round(0.008 * fs_hz)
    for spike in spikes:
        first, last = max(0, int(spike) - before), min(signal_mv.shape[1] - 1, int(spike) + after)
        line = np.linspace(0.0, 1.0, last - first + 1)
        out[:, first:last + 1] = out[:, first, None] + (out[:, last, None] - out[:, first, None]) * line
    return out


def _movement(signal_mv: Array, at: int, half: int, beside: int) -> float:
    """How far the leads together move beside the sample, from `half` to `beside` away on both sides."""
    around = np.concatenate((signal_mv[:, max(0, at - beside):at - half + 1],
                             signal_mv[:, at + half:at + beside + 1]), axis=1)
    return float(np.sqrt((np.ptp(around, axis=1) ** 2).sum()))
