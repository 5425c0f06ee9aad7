"""The one path from a recording to a model's input; training and application run this code with the bundle's figures.

Leads by name into the 12-lead order -> zero-phase filters at the native rate -> polyphase resampling -> 10 s windows
-> amplitude scale -> standardisation with the training set's mean and deviation -> zeros where nothing was recorded.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Finding, Recording, RoleKind
from peace_model.ecg.signal.normalise import bridge_gaps, standardise
from peace_model.ecg.signal.resample import band_limit, carry_flags, change_rate

PIPELINE_VERSION = "1"
FLAT_MV = 0.005
"""A lead that moves less than this from peak to peak within a window carries no ECG."""
MIN_RECORDED_FRACTION = 0.5
"""A lead with less than this of a window recorded is masked there."""


@dataclass(frozen=True)
class PipelineSpec:
    """Every figure of the signal path. Filters above a recording's Nyquist frequency do not apply to it.

    mean_mv, std_mv, amplitude_scale: one per lead, in the order of `leads`. min_window_s: a last window shorter than
    this is left out unless it is the only one. saturation_mv: beyond it a lead is reported, never scaled.
    """

    version: str
    fs_hz: float
    window_s: float
    min_window_s: float
    leads: tuple[str, ...]
    highpass_hz: float | None
    lowpass_hz: float | None
    notch_hz: float | None
    saturation_mv: float
    mean_mv: tuple[float, ...]
    std_mv: tuple[float, ...]
    amplitude_scale: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.version != PIPELINE_VERSION:
            raise ValueError(f"signal path version is {self.version}, this program has {PIPELINE_VERSION}")
        if self.leads != STANDARD_12:
            raise ValueError(f"leads must be {' '.join(STANDARD_12)}")
        for name in ("mean_mv", "std_mv", "amplitude_scale"):
            values = getattr(self, name)
            if len(values) != len(self.leads) or not np.isfinite(values).all():
                raise ValueError(f"{name} must hold {len(self.leads)} finite numbers")
        if min(self.std_mv) <= 0 or min(self.amplitude_scale) <= 0:
            raise ValueError("std_mv and amplitude_scale must be above 0")
        if not (self.fs_hz > 0 and self.window_s > 0 and 0 <= self.min_window_s <= self.window_s):
            raise ValueError("fs_hz, window_s must be above 0 and min_window_s within the window")

    @property
    def window_samples(self) -> int:
        return round(self.window_s * self.fs_hz)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; tuples become lists."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "PipelineSpec":
        """Raises ValueError naming what is missing, unknown or wrong."""
        names = set(cls.__dataclass_fields__)
        if set(fields) != names:
            raise ValueError(f"signal path parameters differ: {', '.join(sorted(set(fields) ^ names))}")
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
        return cls(**values)


@dataclass(frozen=True, eq=False)
class ModelInput:
    """What the graph takes, one row a window.

    signal: float32 (W, 12, N), standardised, zeros where nothing was recorded. lead_mask: float32 (W, 12), 1 where a
    lead carries an ECG. valid_samples: int64 (W,), samples before the padding. age_days: float32 (W,), NaN if unknown.
    starts_s: start of each window. duration_s: of the recording. notes: what happened on the way.
    """

    signal: NDArray[np.float32]
    lead_mask: NDArray[np.float32]
    valid_samples: NDArray[np.int64]
    age_days: NDArray[np.float32]
    starts_s: tuple[float, ...]
    duration_s: float
    notes: tuple[Finding, ...]


class Pipeline:
    """The signal path with one set of figures."""

    def __init__(self, spec: PipelineSpec) -> None:
        self.spec = spec
        self._mean = np.asarray(spec.mean_mv, np.float64)
        self._std = np.asarray(spec.std_mv, np.float64)
        self._scale = np.asarray(spec.amplitude_scale, np.float64)

    def prepare(self, recording: Recording) -> ModelInput:
        """Windows ready for the graph. Raises ValueError for a recording without samples."""
        if recording.n_samples == 0:
            raise ValueError("the recording has no samples")
        ordered, usable = order_leads(recording)
        signal_mv, recorded = condition(ordered, recording.fs_hz, self.spec)
        spec = self.spec
        starts = _window_starts(signal_mv.shape[1], spec)
        shape = (len(starts), len(spec.leads), spec.window_samples)
        signal = np.zeros(shape, np.float32)
        mask = np.zeros(shape[:2], np.float32)
        valid = np.zeros(shape[0], np.int64)
        scaled = standardise(signal_mv * self._scale[:, None], mean_mv=self._mean, std_mv=self._std)
        raw_rate = recording.fs_hz / spec.fs_hz
        for row, start in enumerate(starts):
            stop = min(start + spec.window_samples, signal_mv.shape[1])
            raw = ordered[:, round(start * raw_rate): max(round(stop * raw_rate), round(start * raw_rate) + 1)]
            lives = usable & _carries_ecg(raw)
            kept = recorded[:, start:stop] & lives[:, None]
            signal[row, :, : stop - start] = np.where(kept, scaled[:, start:stop], 0.0)
            mask[row] = lives
            valid[row] = stop - start
        age = np.nan if recording.age is None else float(recording.age.days)
        return ModelInput(
            signal, mask, valid, np.full(shape[0], age, np.float32),
            tuple(start / spec.fs_hz for start in starts), recording.duration_s,
            _notes(ordered, usable, starts, signal_mv.shape[1], spec))


def order_leads(recording: Recording) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Samples in the 12-lead order, NaN for absent leads, and which leads are recordings of their own.

    A lead that only repeats another one counts as absent: it would tell the model of a place nobody measured.
    """
    repeated = {role.lead for role in recording.roles if role.kind in (RoleKind.DUPLICATE, RoleKind.ABSENT)}
    ordered = np.full((len(STANDARD_12), recording.n_samples), np.nan)
    usable = np.zeros(len(STANDARD_12), bool)
    for row, name in enumerate(STANDARD_12):
        if name in recording.leads and name not in repeated:
            ordered[row] = recording.lead(name)
            usable[row] = True
    return ordered, usable


def condition(
    ordered_mv: NDArray[np.float64], fs_hz: float, spec: PipelineSpec
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Filtered and resampled millivolts (12, n) without NaN, and where samples were really recorded (12, n)."""
    finite = np.isfinite(ordered_mv)
    filtered = band_limit(
        bridge_gaps(np.where(finite, ordered_mv, np.nan)), fs_hz,
        highpass_hz=spec.highpass_hz, lowpass_hz=spec.lowpass_hz, notch_hz=spec.notch_hz)
    resampled = change_rate(filtered, fs_hz=fs_hz, target_hz=spec.fs_hz)
    return resampled, carry_flags(finite, resampled.shape[1])


def _window_starts(n_samples: int, spec: PipelineSpec) -> list[int]:
    starts = list(range(0, n_samples, spec.window_samples))
    if len(starts) > 1 and (n_samples - starts[-1]) < spec.min_window_s * spec.fs_hz:
        starts.pop()
    return starts


def _carries_ecg(raw_mv: NDArray[np.float64]) -> NDArray[np.bool_]:
    finite = np.isfinite(raw_mv)
    top = np.where(finite, raw_mv, -np.inf).max(axis=1)
    bottom = np.where(finite, raw_mv, np.inf).min(axis=1)
    lives: NDArray[np.bool_] = (finite.mean(axis=1) >= MIN_RECORDED_FRACTION) & (top - bottom > FLAT_MV)
    return lives


def _notes(
    ordered_mv: NDArray[np.float64], usable: NDArray[np.bool_], starts: list[int], n_samples: int, spec: PipelineSpec
) -> tuple[Finding, ...]:
    notes = []
    beyond = (np.abs(np.where(np.isfinite(ordered_mv), ordered_mv, 0.0)) > spec.saturation_mv).any(axis=1) & usable
    if beyond.any():
        leads = tuple(name for name, hit in zip(STANDARD_12, beyond, strict=True) if hit)
        notes.append(Finding(
            "saturated", leads, "Beyond {limit} mV in {leads}: read as it is, not scaled",
            (("limit", f"{spec.saturation_mv:g}"), ("leads", ", ".join(leads)))))
    left_out = n_samples - (starts[-1] + spec.window_samples)
    if left_out > 0:
        notes.append(Finding(
            "tail_left_out", (), "The last {seconds} s are too short for a window of their own and were left out",
            (("seconds", f"{left_out / spec.fs_hz:.1f}"),)))
    return tuple(notes)
