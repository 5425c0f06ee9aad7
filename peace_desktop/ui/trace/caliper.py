"""What two points on a lead measure: milliseconds, rate and millivolts, each from samples and not from pixels."""

from dataclasses import dataclass

import numpy as np

from peace_desktop.ui.trace.samples import LeadSamples

PEAK_REACH_S = 0.04


@dataclass(frozen=True)
class Caliper:
    """Two points on one strip's lead. Samples count from the recording's first; row and column name the strip."""

    lead: str
    row: int
    column: int
    first: int
    second: int

    def with_point(self, point: int, sample: int) -> "Caliper":
        """The caliper with point 0 or 1 moved."""
        ends = [self.first, self.second]
        ends[point] = sample
        return Caliper(self.lead, self.row, self.column, ends[0], ends[1])


@dataclass(frozen=True)
class CaliperReading:
    """interval_ms >= 0; rate_bpm None for no interval; delta_mv: second minus first, None where a sample is missing."""

    lead: str
    start_s: float
    end_s: float
    interval_ms: float
    rate_bpm: float | None
    delta_mv: float | None


def read_caliper(caliper: Caliper, values_mv: LeadSamples, fs_hz: float) -> CaliperReading:
    """What a caliper measures on its lead's samples (n_samples,)."""
    interval_ms = abs(caliper.second - caliper.first) * 1000.0 / fs_hz
    delta_mv = float(values_mv[caliper.second]) - float(values_mv[caliper.first])
    return CaliperReading(
        lead=caliper.lead,
        start_s=caliper.first / fs_hz,
        end_s=caliper.second / fs_hz,
        interval_ms=interval_ms,
        rate_bpm=60_000.0 / interval_ms if interval_ms > 0 else None,
        delta_mv=delta_mv if np.isfinite(delta_mv) else None,
    )


def nearest_peak(values_mv: LeadSamples, sample: int, fs_hz: float) -> int:
    """The sample within 40 ms that lies farthest from the neighbourhood's median; `sample` if none is recorded."""
    reach = max(1, round(PEAK_REACH_S * fs_hz))
    start = max(sample - reach, 0)
    near = values_mv[start : sample + reach + 1]
    if not np.isfinite(near).any():
        return sample
    around = values_mv[max(sample - 8 * reach, 0) : sample + 8 * reach + 1]
    return start + int(np.nanargmax(np.abs(near - np.nanmedian(around))))
