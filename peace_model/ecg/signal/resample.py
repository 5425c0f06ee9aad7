"""Band limits and rate changes of the model's signal path, applied along time on (n_leads, n_samples) without NaN."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

HIGHPASS_ORDER = 2
LOWPASS_ORDER = 4
NOTCH_Q = 30.0


def band_limit(
    signal_mv: NDArray[np.float64],
    fs_hz: float,
    *,
    highpass_hz: float | None,
    lowpass_hz: float | None,
    notch_hz: float | None,
) -> NDArray[np.float64]:
    """Zero-phase Butterworth high-pass and low-pass and a notch, each only where it lies below the Nyquist frequency.

    A recording too short for the filter's own padding is padded less, never refused. float64 (n_leads, n_samples).
    """
    from scipy import signal

    nyquist_hz = fs_hz / 2
    sections = []
    if highpass_hz is not None and highpass_hz < nyquist_hz:
        sections.append(signal.butter(HIGHPASS_ORDER, highpass_hz, "highpass", fs=fs_hz, output="sos"))
    if lowpass_hz is not None and lowpass_hz < nyquist_hz:
        sections.append(signal.butter(LOWPASS_ORDER, lowpass_hz, "lowpass", fs=fs_hz, output="sos"))
    if notch_hz is not None and notch_hz < nyquist_hz:
        numerator, denominator = signal.iirnotch(notch_hz, NOTCH_Q, fs=fs_hz)
        sections.append(signal.tf2sos(numerator, denominator))
    n_samples = signal_mv.shape[-1]
    if not sections or n_samples < 2:
        return signal_mv
    # The slowest filter rings for about a period of the high-pass; odd extension that long keeps the ends quiet.
    padding = min(n_samples - 1, round(2.0 * fs_hz))
    return np.asarray(signal.sosfiltfilt(np.concatenate(sections), signal_mv, axis=-1, padlen=padding))


def change_rate(signal_mv: NDArray[np.float64], *, fs_hz: float, target_hz: float) -> NDArray[np.float64]:
    """Polyphase resampling with its anti-aliasing filter; the duration stays, it is never squeezed to a length.

    Returns float64 (n_leads, ceil(n_samples * target_hz / fs_hz)).
    """
    if fs_hz == target_hz:
        return signal_mv
    from scipy.signal import resample_poly

    ratio = rate_ratio(fs_hz=fs_hz, target_hz=target_hz)
    return np.asarray(resample_poly(signal_mv, ratio.numerator, ratio.denominator, axis=-1, padtype="line"))


def rate_ratio(*, fs_hz: float, target_hz: float) -> Fraction:
    """target / fs as a fraction with small terms (within 1e-6 for fractional rates)."""
    return (Fraction(target_hz) / Fraction(fs_hz)).limit_denominator(1000)


def carry_flags(flags: NDArray[np.bool_], n_out: int) -> NDArray[np.bool_]:
    """Flags (n_leads, n) at another rate: an output sample is flagged when the nearest input sample is."""
    n_in = flags.shape[-1]
    if n_in == n_out:
        return flags
    nearest = np.minimum(((np.arange(n_out) + 0.5) * n_in / n_out).astype(np.int64), n_in - 1)
    return flags[:, nearest]
