"""What two points on a lead measure: milliseconds, rate and millivolts, each from samples and not from pixels."""

from dataclasses import dataclass, replace

import numpy as np

from peace_desktop.ui.trace.samples import LeadSamples


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
        return replace(self, first=ends[0], second=ends[1])

    def moved(self, by: int) -> "Caliper":
        """The pair moved as one by so many samples; the interval stays."""
        return replace(self, first=self.first + by, second=self.second + by)


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
