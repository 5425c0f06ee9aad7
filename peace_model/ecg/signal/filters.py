"""Filters a reader may switch on for the eye. Measurement and the model never see them.

Zero phase, so that no wave moves: second-order Butterworth sections and a narrow notch, run forwards and backwards.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.signal.heartbeats import without_gaps
from peace_model.words import mark

NOTCH = mark("{hz} Hz notch")
_NOTCH_QUALITY = 30.0
_ORDER = 2
_SETTLING_S = 20.0
"""After six time constants of a 0.05 Hz high-pass what lies outside no longer shows."""


@dataclass(frozen=True)
class FilterSetting:
    """Corner frequencies in Hz, None where nothing is filtered. Raises ValueError for corners that cross."""

    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    notch_hz: float | None = None

    def __post_init__(self) -> None:
        for corner in (self.highpass_hz, self.lowpass_hz, self.notch_hz):
            if corner is not None and not corner > 0:
                raise ValueError(f"a filter at {corner} Hz; expected a frequency above 0")
        if self.highpass_hz is not None and self.lowpass_hz is not None and self.highpass_hz >= self.lowpass_hz:
            raise ValueError(f"a band from {self.highpass_hz} to {self.lowpass_hz} Hz is empty")

    @property
    def active(self) -> bool:
        return (self.highpass_hz, self.lowpass_hz, self.notch_hz) != (None, None, None)

    def label(self, notch: str = NOTCH) -> str:
        """As written on the paper: "0.5–40 Hz, 50 Hz notch"; "" when nothing is filtered.

        notch: its words in the reader's language.
        """
        parts = []
        if self.highpass_hz is not None and self.lowpass_hz is not None:
            parts.append(f"{self.highpass_hz:g}\N{EN DASH}{self.lowpass_hz:g} Hz")
        elif self.highpass_hz is not None:
            parts.append(f"\N{GREATER-THAN OR EQUAL TO} {self.highpass_hz:g} Hz")
        elif self.lowpass_hz is not None:
            parts.append(f"\N{LESS-THAN OR EQUAL TO} {self.lowpass_hz:g} Hz")
        if self.notch_hz is not None:
            parts.append(notch.format(hz=f"{self.notch_hz:g}"))
        return ", ".join(parts)


def display_filter(signal_mv: NDArray[np.float32], fs_hz: float, *, setting: FilterSetting) -> NDArray[np.float32]:
    """The signal filtered for display, float32, same shape (..., n_samples); NaN stays NaN where it was.

    A low-pass or notch at or above half the rate has nothing to remove and is left out. A signal too short to filter
    (under 0.1 s) comes back as it is.
    """
    out = np.array(signal_mv, dtype=np.float64)
    if not setting.active or out.shape[-1] < max(16, 0.1 * fs_hz):
        return out.astype(np.float32)
    missing = np.isnan(out)
    filled = without_gaps(out.reshape(-1, out.shape[-1]))
    for sections in _sections(setting, fs_hz):
        filled = _both_ways(sections, filled, fs_hz)
    result = filled.reshape(out.shape)
    result[missing] = np.nan
    return result.astype(np.float32)


def display_filter_part(signal_mv: NDArray[np.float32], fs_hz: float, *, setting: FilterSetting, span: slice
                        ) -> NDArray[np.float32]:
    """As `display_filter`, of (n_leads, n_samples) the samples of a span only: a day is not filtered for one page."""
    margin = round(_SETTLING_S * fs_hz)
    first = max(span.start - margin, 0)
    filtered = display_filter(signal_mv[:, first:span.stop + margin], fs_hz, setting=setting)
    return filtered[:, span.start - first:span.stop - first]


def _sections(setting: FilterSetting, fs_hz: float) -> list[NDArray[np.float64]]:
    from scipy.signal import butter, iirnotch, tf2sos

    sections = []
    if setting.highpass_hz is not None and setting.highpass_hz < fs_hz / 2:
        sections.append(butter(_ORDER, setting.highpass_hz, "highpass", fs=fs_hz, output="sos"))
    if setting.lowpass_hz is not None and setting.lowpass_hz < fs_hz / 2:
        sections.append(butter(_ORDER, setting.lowpass_hz, "lowpass", fs=fs_hz, output="sos"))
    if setting.notch_hz is not None and setting.notch_hz < fs_hz / 2:
        sections.append(tf2sos(*iirnotch(setting.notch_hz, _NOTCH_QUALITY, fs=fs_hz)))
    return sections


def _both_ways(sections: NDArray[np.float64], signal: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    from scipy.signal import sosfiltfilt

    # The ends are mirrored for a second, so that a slow high-pass settles before the first sample shown.
    pad = min(signal.shape[-1] - 1, int(fs_hz))
    return np.asarray(sosfiltfilt(sections, signal, axis=-1, padtype="odd", padlen=pad), dtype=np.float64)
