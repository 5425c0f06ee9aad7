"""What goes wrong on the way from the heart to the file.

Noise, drift and mains are drawn at the electrodes (right arm, left arm, left leg, each chest electrode), so that the
algebra of the limb leads holds as it does on a real recorder; the rail and a lead off act on stored leads.
"""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.simulation.spec import Disturbances
from peace_model.ecg.simulation.waves import Array

_HARMONIC = 3
_PUSH = 1.6
_PUSH_HALF_WIDTH_S = 0.75
_SECONDS_PER_PUSH = 3.5


def disturbed(independent_mv: dict[str, Array], fs_hz: float, disturbances: Disturbances,
              rng: np.random.Generator) -> dict[str, Array]:
    """Independent leads (n_samples,) with the electrodes' noise, drift, mains and swapped arms."""
    n_samples = len(independent_mv["I"])
    out = dict(independent_mv)
    if disturbances.muscle_noise_mv or disturbances.wander_mv or disturbances.mains_mv:
        arms_and_leg = [_electrode(n_samples, fs_hz, disturbances, rng) for _ in range(3)]
        right, left, leg = arms_and_leg
        centre = sum(arms_and_leg) / 3
        for name, signal in independent_mv.items():
            if name == "I":
                out[name] = signal + left - right
            elif name == "II":
                out[name] = signal + leg - right
            else:
                out[name] = signal + _electrode(n_samples, fs_hz, disturbances, rng) - centre
    if disturbances.arms_swapped:
        out["I"], out["II"] = -out["I"], out["II"] - out["I"]
    return out


def _electrode(n_samples: int, fs_hz: float, disturbances: Disturbances, rng: np.random.Generator) -> Array:
    time = np.arange(n_samples) / fs_hz
    signal = np.zeros(n_samples)
    if disturbances.muscle_noise_mv:
        white = rng.normal(0, 1, n_samples + 2)
        shaped = white[1:-1] + 0.35 * white[:-2] - 0.35 * white[2:]
        bursts = 1 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.1, 0.4) * time + rng.uniform(0, 2 * np.pi))
        signal += disturbances.muscle_noise_mv * bursts * shaped / shaped.std()
    if disturbances.wander_mv:
        slow = sum(weight * np.sin(2 * np.pi * rng.uniform(low, high) * time + rng.uniform(0, 2 * np.pi))
                   for weight, low, high in ((0.6, 0.05, 0.15), (0.4, 0.2, 0.45)))
        signal += disturbances.wander_mv * slow
    if disturbances.mains_mv:
        size = disturbances.mains_mv * rng.uniform(0.4, 1.0)
        signal += size * np.sin(2 * np.pi * disturbances.mains_hz * time)
        if _HARMONIC * disturbances.mains_hz < fs_hz / 2:
            signal += 0.15 * size * np.sin(2 * np.pi * _HARMONIC * disturbances.mains_hz * time)
    return signal


def recorded(signal_mv: NDArray[np.float32], leads: tuple[str, ...], fs_hz: float, disturbances: Disturbances,
             rng: np.random.Generator) -> NDArray[np.float32]:
    """Stored leads (n_leads, n_samples): railed leads drift into the recorder's limit, loose ones hold nothing."""
    out = signal_mv.copy()
    time = np.arange(out.shape[1]) / fs_hz
    for lead in disturbances.railed_leads:
        row = leads.index(lead)
        push = _PUSH * disturbances.rail_mv * rng.choice((-1, 1)) * _excursions(time, rng)
        out[row] = np.clip(out[row] + push, -disturbances.rail_mv, disturbances.rail_mv)
    for lead in disturbances.leads_off:
        out[leads.index(lead)] = np.nan if disturbances.lead_off_as == "nan" else 0.0
    return out


def _excursions(time: Array, rng: np.random.Generator) -> Array:
    """A moved electrode: every few seconds a swing from 0 to 1 and back, float64 (n_samples,)."""
    duration = float(time[-1])
    count = max(2, int(duration / _SECONDS_PER_PUSH))
    half_width = min(_PUSH_HALF_WIDTH_S, 0.4 * duration / count)
    swing = np.zeros_like(time)
    for k in range(count):
        centre = (k + rng.uniform(0.42, 0.58)) * duration / count
        away = np.clip((time - centre) / half_width, -1, 1)
        swing += np.cos(0.5 * np.pi * away) ** 2
    return swing
