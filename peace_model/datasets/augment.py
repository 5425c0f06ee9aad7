"""What training does to prepared windows. Never a time warp (rate, QT) and never a change of polarity (axis, T)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRECORDIAL_OFTEN_ABSENT = (7, 9, 11)
"""V2, V4, V6: the leads that nine-lead recordings of young children lack."""


@dataclass(frozen=True)
class AugmentConfig:
    """crop_samples: length of a random crop, 0 for none. gain: the signal is scaled by 1 +- gain. wander_sd: size of a
    slow drift in units of the lead's standard deviation."""

    crop_samples: int = 500
    gain: float = 0.1
    wander_sd: float = 0.1
    drop_precordial: float = 0.15
    drop_lead: float = 0.05


def augment(
    signal: NDArray[np.float32], lead_mask: NDArray[np.float32], valid_samples: NDArray[np.int64],
    config: AugmentConfig, *, fs_hz: float, rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """New arrays (B, 12, crop), (B, 12), (B,) from (B, 12, N), (B, 12), (B,); padding and masked leads stay zero."""
    count, leads, length = signal.shape
    crop = min(config.crop_samples, length) or length
    starts = rng.integers(0, np.maximum(valid_samples - crop, 0) + 1)
    valid = np.minimum(valid_samples - starts, crop)
    out = np.stack([row[:, start: start + crop] for row, start in zip(signal, starts, strict=True)])
    out *= rng.uniform(1 - config.gain, 1 + config.gain, (count, 1, 1)).astype(np.float32)
    if config.wander_sd > 0:
        time_s = np.arange(crop, dtype=np.float32) / np.float32(fs_hz)
        rate_hz = rng.uniform(0.05, 0.5, (count, 1)).astype(np.float32)
        phase = rng.uniform(0, 2 * np.pi, (count, 1)).astype(np.float32)
        drift = np.sin(2 * np.float32(np.pi) * rate_hz * time_s + phase)
        size = rng.normal(0, config.wander_sd, (count, leads, 1)).astype(np.float32)
        out += size * drift[:, None, :]
    mask = lead_mask.copy()
    nine_leads = rng.random(count) < config.drop_precordial
    for lead in PRECORDIAL_OFTEN_ABSENT:
        mask[nine_leads, lead] = 0.0
    mask[rng.random((count, leads)) < config.drop_lead] = 0.0
    out *= mask[:, :, None]
    out *= (np.arange(crop) < valid[:, None])[:, None, :]
    return out, mask, valid
