"""How much of a lead is not the heart: drift of the baseline, mains hum, noise between the beats (mV, per lead)."""

import numpy as np
from numpy.typing import NDArray

MAINS_HZ = (50.0, 60.0)
_BLOCK_S = 0.2
"""Ten periods of 50 Hz and twelve of 60 Hz, and short enough that some blocks hold no QRS at any heart rate."""
_QUIET_BLOCKS = 25
_WANDER_S = 1.0
_NOISE_LAG_S = 0.004
"""The second difference over this lag answers most to 125 Hz: muscle, not heart."""


def wander_mv(signal_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """Range of the baseline, a running mean over one second; float64 (n_leads,). signal_mv has no NaN."""
    width = min(signal_mv.shape[1], max(1, round(_WANDER_S * fs_hz)))
    total = np.cumsum(np.pad(signal_mv, ((0, 0), (1, 0))), axis=1)
    baseline = (total[:, width:] - total[:, :-width]) / width
    return np.asarray(baseline.max(axis=1) - baseline.min(axis=1), dtype=np.float64)


def mains_mv(signal_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """Amplitude of a hum at 50 or 60 Hz that is there all the time; zero where the rate is too low to tell."""
    width = round(_BLOCK_S * fs_hz)
    n_blocks = signal_mv.shape[1] // max(1, width)
    if fs_hz < 2.4 * max(MAINS_HZ) or n_blocks < 1:
        return np.zeros(len(signal_mv))
    blocks = signal_mv[:, :n_blocks * width].reshape(len(signal_mv), n_blocks, width)
    steady = blocks - blocks.mean(axis=2, keepdims=True)
    taper = np.hanning(width)
    amplitude = np.zeros(len(signal_mv))
    for mains_hz in MAINS_HZ:
        wave = taper * np.exp(-2j * np.pi * mains_hz * np.arange(width) / fs_hz) * 2 / taper.sum()
        in_block = np.abs(steady @ wave)
        amplitude = np.maximum(amplitude, np.percentile(in_block, _QUIET_BLOCKS, axis=1))
    return amplitude


def noise_mv(signal_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """Standard deviation of white noise that would look the same between the beats; zero where the rate is too low."""
    lag = round(_NOISE_LAG_S * fs_hz)
    if lag < 1 or signal_mv.shape[1] <= 2 * lag:
        return np.zeros(len(signal_mv))
    second = signal_mv[:, 2 * lag:] - 2 * signal_mv[:, lag:-lag] + signal_mv[:, :-2 * lag]
    return np.asarray(1.4826 / np.sqrt(6) * np.median(np.abs(second), axis=1), dtype=np.float64)
