"""Generated signals for tests: regular spikes in twelve leads, narrow or wide. Nothing of them is an ECG."""

import numpy as np
from numpy.typing import NDArray


def beats_mv(rng: np.random.Generator, *, wide: bool, n_samples: int, fs_hz: float) -> NDArray[np.float64]:
    """(12, n_samples) in mV, sizes that differ from lead to lead, with noise."""
    time_s = np.arange(n_samples) / fs_hz
    phase = (time_s * rng.uniform(0.9, 1.3) + rng.uniform()) % 1 - 0.5
    spike = np.exp(-0.5 * (phase / (0.06 if wide else 0.02)) ** 2)
    size = np.linspace(-1, 1.5, 12) * rng.uniform(0.8, 1.2, 12)
    return spike * size[:, None] + rng.normal(0, 0.03, (12, n_samples))
