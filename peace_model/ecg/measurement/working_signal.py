"""The signal that delineation works on: leads that can be trusted, one rate, no pacing spikes, a level baseline.

Boundaries are sought at 500 samples a second whatever the recording's rate, so that every width is the same number
of milliseconds everywhere; they are handed back in the recording's own samples.
"""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.recording import Recording, RoleKind
from peace_model.ecg.signal.lead_truth import duplicate_leads, flat_leads
from peace_model.ecg.signal.rail import railed_leads

RATE_HZ = 500.0
MS = RATE_HZ / 1000
"""Samples in a millisecond of the working signal."""

_BLOCK = 20
_DRIFT_MS = 600.0
_MOST_MISSING = 0.5

Array = NDArray[np.float64]


def unusable_leads(recording: Recording) -> tuple[frozenset[str], frozenset[str]]:
    """Leads without a heart of their own: those on the rail, and those flat, repeated or mostly not recorded."""
    repeated = {role.lead for role in recording.roles if role.kind is RoleKind.DUPLICATE} | set(
        duplicate_leads(recording))
    gaps = np.isnan(recording.signal_mv).mean(axis=1) if recording.n_samples else np.ones(len(recording.leads))
    empty = {lead for lead, gap in zip(recording.leads, gaps, strict=True) if gap > _MOST_MISSING}
    return frozenset(railed_leads(recording)), frozenset(repeated | empty | set(flat_leads(recording)))


def smooth(signal: Array, sigma_ms: float) -> Array:
    """Gaussian smoothing along time, which neither shifts nor rings."""
    return _gaussian(signal, sigma_ms * MS, order=0)


def slope(signal: Array, sigma_ms: float) -> Array:
    """First derivative of the smoothed signal, mV per ms."""
    return _gaussian(signal, sigma_ms * MS, order=1) * MS


def without_drift(signal: Array) -> Array:
    """The signal less its slow drift: a Gaussian mean over about two seconds, taken on blocks of 40 ms."""
    n = signal.shape[1]
    count = max(1, n // _BLOCK)
    blocks = signal[:, :count * _BLOCK].reshape(len(signal), count, -1).mean(axis=2)
    drift = _gaussian(blocks, _DRIFT_MS * MS / _BLOCK, order=0)
    centres = (np.arange(count) + 0.5) * _BLOCK
    return np.stack([row - np.interp(np.arange(n), centres, slow) for row, slow in zip(signal, drift, strict=True)])


def windows(signal: Array, centres: NDArray[np.int64], before: int, after: int) -> Array:
    """(n_leads, n_centres, before + after) around each centre; edge values stand in outside the signal."""
    index = np.clip(centres[:, None] + np.arange(-before, after), 0, signal.shape[-1] - 1)
    return signal[:, index]


def level_through(signal: Array, quiet: NDArray[np.int64], width: int) -> Array:
    """The signal less straight lines through its mean over `width` samples ending at each of `quiet` (rising)."""
    width = min(width, signal.shape[1])
    total = np.cumsum(np.pad(signal, ((0, 0), (1, 0))), axis=1)
    stop = np.clip(quiet + 1, width, signal.shape[1])
    level = (total[:, stop] - total[:, stop - width]) / width
    where = np.arange(signal.shape[1])
    return np.stack([row - np.interp(where, stop - (width + 1) / 2, knots)
                     for row, knots in zip(signal, level, strict=True)])


def _gaussian(signal: Array, sigma: float, *, order: int) -> Array:
    """The signal, or its derivative of that order a sample, after a Gaussian of sigma samples along time."""
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(signal, sigma, axis=-1, order=order, mode="nearest"), dtype=np.float64)
