"""What training does to prepared windows. Never a time warp (rate, QT) and never a change of polarity (axis, T).

What is drawn and what is done are two steps, so that several processes draw the same numbers for a whole batch and
each works on its own share of it.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

PRECORDIAL_OFTEN_ABSENT = (7, 9, 11)
"""V2, V4, V6: the leads that nine-lead recordings of young children lack."""
HUM_HZ = 50.0


class AugmentError(Exception):
    """Settings that the sampling rate does not allow; str() says which."""


@dataclass(frozen=True)
class AugmentConfig:
    """crop_s: length of a random crop, 0 for none. gain: the signal is scaled by 1 +- gain. wander_sd and hum_sd: size
    of a slow drift and of mains noise in units of the lead's standard deviation. mixup: both parameters of the beta
    distribution from which the share of a second recording is drawn, 0 for none (Zhang et al., 2018)."""

    crop_s: float = 7.5
    gain: float = 0.15
    wander_sd: float = 0.1
    hum_sd: float = 0.0
    drop_precordial: float = 0.15
    drop_lead: float = 0.03
    mixup: float = 0.0


@dataclass(frozen=True, eq=False)
class Draws:
    """Random numbers of a batch, one row a recording; sizes are standard normal, places and phases uniform in 0..1."""

    place: NDArray[np.float64]
    gain: NDArray[np.float32]
    wander_hz: NDArray[np.float32]
    wander_phase: NDArray[np.float32]
    wander_size: NDArray[np.float32]
    hum_phase: NDArray[np.float32]
    hum_size: NDArray[np.float32]
    nine_leads: NDArray[np.bool_]
    dropped: NDArray[np.bool_]
    partner: NDArray[np.int64]
    share: NDArray[np.float32]

    def take(self, index: NDArray[np.int64]) -> "Draws":
        """The draws of some rows; `partner` still counts in the whole batch."""
        return Draws(**{field.name: getattr(self, field.name)[index] for field in fields(self)})


def draw(config: AugmentConfig, count: int, rng: np.random.Generator) -> Draws:
    """The numbers for `count` recordings, in an order that no setting changes."""
    place = rng.random(count)
    gain = rng.uniform(1 - config.gain, 1 + config.gain, (count, 1, 1)).astype(np.float32)
    wander_hz = rng.uniform(0.05, 0.5, (count, 1)).astype(np.float32)
    wander_phase, hum_phase = rng.random((2, count, 1)).astype(np.float32)
    wander_size, hum_size = rng.normal(size=(2, count, 12, 1)).astype(np.float32)
    nine_leads = rng.random(count) < config.drop_precordial
    dropped = rng.random((count, 12)) < config.drop_lead
    partner = rng.permutation(count)
    share = np.ones(count, np.float32)
    if config.mixup > 0:
        drawn = rng.beta(config.mixup, config.mixup, count).astype(np.float32)
        share = np.maximum(drawn, 1 - drawn)
    return Draws(place, gain, wander_hz, wander_phase, wander_size, hum_phase, hum_size, nine_leads, dropped,
                 partner, share)


def augment(
    signal: NDArray[np.float32], lead_mask: NDArray[np.float32], valid_samples: NDArray[np.int64],
    draws: Draws, config: AugmentConfig, *, fs_hz: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """New arrays (B, 12, crop), (B, 12), (B,) from (B, 12, N), (B, 12), (B,); padding and masked leads stay zero.

    Raises AugmentError for mains noise at a sampling rate that cannot hold it.
    """
    length = signal.shape[2]
    crop = min(round(config.crop_s * fs_hz), length) or length
    starts = np.floor(draws.place * (np.maximum(valid_samples - crop, 0) + 1)).astype(np.int64)
    valid = np.minimum(valid_samples - starts, crop)
    out = np.stack([row[:, start: start + crop] for row, start in zip(signal, starts, strict=True)])
    out *= draws.gain
    time_s = np.arange(crop, dtype=np.float32) / np.float32(fs_hz)
    if config.wander_sd > 0:
        drift = np.sin(2 * np.float32(np.pi) * (draws.wander_hz * time_s + draws.wander_phase))
        out += config.wander_sd * draws.wander_size * drift[:, None, :]
    if config.hum_sd > 0:
        if fs_hz <= 2 * HUM_HZ:
            raise AugmentError(f"augment.hum_sd: noise of {HUM_HZ:g} Hz does not exist at {fs_hz:g} samples a second")
        hum = np.sin(2 * np.float32(np.pi) * (np.float32(HUM_HZ) * time_s + draws.hum_phase))
        out += config.hum_sd * draws.hum_size * hum[:, None, :]
    mask = lead_mask.copy()
    for lead in PRECORDIAL_OFTEN_ABSENT:
        mask[draws.nine_leads, lead] = 0.0
    mask[draws.dropped] = 0.0
    out *= mask[:, :, None]
    out *= (np.arange(crop) < valid[:, None])[:, None, :]
    return out, mask, valid
