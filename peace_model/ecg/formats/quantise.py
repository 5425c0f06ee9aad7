"""Millivolts back into whole numbers: exactly where the step they were recorded with is known, finely where not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.recording import Recording

FULL_SCALE_16 = (1 << 15) - 1
FULL_SCALE_32 = (1 << 31) - 1
_FINEST_STEP_MV = 1e-5
"""0.01 uV: finer steps serve nobody and make flat leads look measured."""
_COARSE_STEP_MV = 2.5e-3
"""A recorder's usual step; a lead that would need larger ones in 16 bits, such as one far off zero, gets 32."""
_FLOAT32 = 4e-7
"""How far a float32 may lie from the multiple it was rounded from, relative to its size."""
_DIGITS = 4
"""Of a step that is chosen here: short enough for every header."""


@dataclass(frozen=True)
class Scale:
    """step_mv: float64 (n_leads,), one digit of each lead. zero: int64 (n_leads,), the digit of 0 mV. bits: 16 or 32,
    enough for every lead."""

    step_mv: NDArray[np.float64]
    zero: NDArray[np.int64]
    bits: int

    @property
    def not_recorded(self) -> int:
        """The digit that stands for NaN: the one number that no sample takes."""
        return -(1 << (self.bits - 1))


def scale_of(recording: Recording) -> Scale:
    """The steps in which a recording can be written. Raises ValueError for an empty or infinite signal.

    A lead keeps the step of its source, or takes another lead's or half of it (aVR of two recorded leads), where all
    its samples lie on it; else 1/32767 of its peak, unless that is coarser than the source. 32 bits only where needed.
    """
    if recording.signal_mv.size == 0:
        raise ValueError("the signal is empty")
    extremes = [_extremes(row) for row in recording.signal_mv]
    if not np.all(np.isfinite(extremes)):
        raise ValueError("the signal is infinite")
    quanta = recording.source.quantum_mv or (None,) * len(recording.leads)
    shared = sorted({part for quantum in quanta if quantum for part in (quantum, quantum / 2)}, reverse=True)
    steps = np.array([_step(row, max(map(abs, ends)), quantum, [quantum] if quantum else shared)
                      for row, ends, quantum in zip(recording.signal_mv, extremes, quanta, strict=True)])
    return _fitted(steps, np.rint(np.array(extremes) / steps[:, None]))


def _fitted(steps: NDArray[np.float64], ends: NDArray[np.float64]) -> Scale:
    """0 mV is digit 0 unless a lead far off zero fits 16 bits only where it is moved, as its recorder did.

    ends: float64 (n_leads, 2), the lowest and the highest digit of each lead.
    """
    too_far = np.abs(ends).max(axis=1) > FULL_SCALE_16
    zero = np.where(too_far, -np.rint(ends.mean(axis=1)), 0.0).astype(np.int64)
    if np.all(np.abs(ends + zero[:, None]) <= FULL_SCALE_16):
        return Scale(steps, zero, 16)
    return Scale(steps, np.zeros_like(zero), 32)


def digits(signal_mv: NDArray[np.float32], scale: Scale) -> NDArray[np.int32]:
    """Whole numbers, int32 of the signal's shape (n_leads, n_samples)."""
    full = FULL_SCALE_16 if scale.bits == 16 else FULL_SCALE_32
    scaled = np.clip(np.rint(signal_mv / scale.step_mv[:, None]) + scale.zero[:, None], -full, full)
    return np.where(np.isnan(scaled), scale.not_recorded, scaled).astype(np.int32)


def _step(row: NDArray[np.float32], peak: float, quantum: float | None, possible: list[float]) -> float:
    exact = next((one for one in possible if peak / one < FULL_SCALE_32 and _lies_on(row, one, peak)), None)
    if exact is not None:
        return exact
    of_16_bits = max(_FINEST_STEP_MV, _rounded_up(peak / FULL_SCALE_16))
    wanted = quantum or _COARSE_STEP_MV
    return of_16_bits if of_16_bits <= wanted else max(wanted, _rounded_up(peak / FULL_SCALE_32))


def _extremes(row: NDArray[np.float32]) -> tuple[float, float]:
    """The lowest and the highest value; 0 where nothing was recorded."""
    low, high = float(np.fmin.reduce(row)), float(np.fmax.reduce(row))
    return (0.0, 0.0) if np.isnan(low) else (low, high)


def _lies_on(row: NDArray[np.float32], step_mv: float, peak_mv: float) -> bool:
    """Whether every sample is a multiple of the step, as nearly as float32 can hold it."""
    for block in large.blocks(len(row), 1):
        values = row[block].astype(np.float64)
        away = np.abs(values - step_mv * np.rint(values / step_mv))
        if not np.all((away <= _FLOAT32 * np.abs(values) + 1e-12) | np.isnan(values)):
            return False
    # Every float32 lies on a step that is finer than float32 can tell at its height.
    return _FLOAT32 * peak_mv < step_mv / 4


def _rounded_up(value: float) -> float:
    """The next number of four digits."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (np.floor(np.log10(value)) - _DIGITS + 1)
    return float(f"{np.ceil(value / unit) * unit:.{_DIGITS}g}")
