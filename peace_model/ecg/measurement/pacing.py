"""Pacing spikes: pulses of a millisecond or two that no heart makes, found and bridged before anything is measured.

A spike stands out from the samples a few milliseconds before and after it, in all leads together, by more than the
signal moves beside it. The R wave of the narrowest QRS does not: it still has its slopes there.
"""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.working_signal import Array

_LEAST_MV = 0.25
_OVER_MOVEMENT = 1.5
_NARROW_S, _BROAD_S = 0.006, 0.014
_BESIDE_S = 0.010
_AFTER_S = 0.002
_LOWEST_RATE_HZ = 240.0
_APART_S = 0.010
_PACEMAKER = 3
"""With so many spikes a pacemaker is at work, and pulses that a recorder smeared over twice the width are its own."""


def find_spikes(signal_mv: Array, fs_hz: float) -> NDArray[np.int64]:
    """First and last sample of each pacing spike, int64 (n, 2), rising; none below 240 samples a second, where a spike
    cannot be told.

    signal_mv: float64 (n_leads, n_samples) without NaN.
    """
    if fs_hz < _LOWEST_RATE_HZ or len(signal_mv) == 0:
        return np.zeros((0, 2), dtype=np.int64)
    at, height = _pulses(signal_mv, fs_hz, _NARROW_S, _LEAST_MV)
    found = _extents(at, fs_hz, _NARROW_S)
    if len(at) >= _PACEMAKER:
        broad, _ = _pulses(signal_mv, fs_hz, _BROAD_S, float(np.median(height)) / 2)
        apart = np.abs(broad[:, None] - at[None, :]).min(axis=1) > 2 * _BROAD_S * fs_hz
        found = np.concatenate((found, _extents(broad[apart], fs_hz, _BROAD_S)))
    return found[np.argsort(found[:, 0])]


def bridged(signal_mv: Array, spikes: NDArray[np.int64]) -> Array:
    """The signal with a straight line over each spike."""
    if len(spikes) == 0:
        return signal_mv
    out = signal_mv.copy()
    for start, stop in spikes:
        first, last = max(0, int(start)), min(signal_mv.shape[1] - 1, int(stop))
        line = np.linspace(0.0, 1.0, last - first + 1)
        out[:, first:last + 1] = out[:, first, None] + (out[:, last, None] - out[:, first, None]) * line
    return out


def _extents(at: NDArray[np.int64], fs_hz: float, half_s: float) -> NDArray[np.int64]:
    return np.stack((at - round(half_s * fs_hz), at + round((half_s + _AFTER_S) * fs_hz)), axis=1)


def _pulses(signal_mv: Array, fs_hz: float, half_s: float, least_mv: float) -> tuple[NDArray[np.int64], Array]:
    """Samples and heights (mV, all leads together) of pulses narrower than twice half_s."""
    from scipy.signal import find_peaks

    half, beside = round(half_s * fs_hz), round((half_s + _BESIDE_S) * fs_hz)
    if signal_mv.shape[1] <= 2 * beside:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    middle = signal_mv[:, half:-half]
    left, right = middle - signal_mv[:, :-2 * half], middle - signal_mv[:, 2 * half:]
    height = np.where(left * right > 0, np.minimum(np.abs(left), np.abs(right)), 0.0)
    together = np.sqrt((height ** 2).sum(axis=0))
    peaks, _ = find_peaks(together, height=least_mv, distance=max(1, round(_APART_S * fs_hz)))
    at = np.array([peak + half for peak in peaks
                   if together[peak] > _OVER_MOVEMENT * _movement(signal_mv, int(peak) + half, half, beside)],
                  dtype=np.int64)
    return at, together[at - half]


def _movement(signal_mv: Array, at: int, half: int, beside: int) -> float:
    """How far the leads together move beside the sample, from `half` to `beside` away on both sides."""
    around = np.concatenate((signal_mv[:, max(0, at - beside):at - half + 1],
                             signal_mv[:, at + half:at + beside + 1]), axis=1)
    return float(np.sqrt((np.ptp(around, axis=1) ** 2).sum()))
