"""How much a wave of each beat is like the median's, and by how much it comes earlier or later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.working_signal import Array, windows

_STEP = 2


@dataclass(frozen=True, eq=False)
class Likeness:
    """For each beat the lag (samples) at which its wave is most like the others', and the correlation there and at
    lag 0, over all leads together; float64 (n_beats,) each."""

    lag: Array
    best: Array
    unmoved: Array


def wave_likeness(signal_mv: Array, r: NDArray[np.int64], span: tuple[int, int], *, most_lag: int) -> Likeness:
    """Correlation of each beat's wave with the mean of all other beats' (with its own for a single beat).

    signal_mv: smoothed, (n_leads, n_samples). span: first and last sample of the wave after R (negative before). Every
    wave stands on the line between its own ends.
    """
    first, last = span
    width = (last - first) // _STEP + 1
    lags = np.arange(-(most_lag // _STEP), most_lag // _STEP + 1)
    cut = windows(signal_mv, r + first - most_lag // _STEP * _STEP, 0, (width + len(lags) - 1) * _STEP)[..., ::_STEP]
    views = np.stack([cut[:, :, at:at + width] for at in range(len(lags))])
    views = _from_line(views)
    size = np.sqrt((views ** 2).sum(axis=(1, 3))) + 1e-12
    middle = len(lags) // 2
    n = len(r)
    mean = views[middle].mean(axis=1)
    others = (mean[:, None] * n - views[middle]) / (n - 1) if n > 1 else views[middle]
    norm = np.sqrt((others ** 2).sum(axis=(0, 2))) + 1e-12
    correlation = np.einsum("klbw,lbw->kb", views, others) / (size * norm)
    at = correlation.argmax(axis=0)
    beats = np.arange(n)
    return Likeness(lags[at] * float(_STEP), correlation[at, beats], correlation[middle])


def _from_line(views: Array) -> Array:
    """Each window less the line between its ends."""
    line = np.linspace(0.0, 1.0, views.shape[-1])
    return np.asarray(views - views[..., :1] - (views[..., -1:] - views[..., :1]) * line)
