"""Where milliseconds and millivolts of a median beat stand on its paper, in millimetres."""

from dataclasses import dataclass

import numpy as np

from peace_desktop.jobs.measured_beat import MeasuredBeat
from peace_model.ecg.boundaries import Span

SPEEDS_MM_PER_S = (25.0, 50.0, 100.0, 200.0)
GAINS_MM_PER_MV = (5.0, 10.0, 20.0, 40.0)
HEAD_MM = 12.0
"""Room above the trace for the names of the handles."""
_MARGIN_MM, _PULSE_ROOM_MM = 3.0, 7.0


@dataclass(frozen=True)
class BeatScale:
    """The paper of one beat. span: what is drawn, ms from R; high_mv, low_mv: its extremes."""

    speed_mm_per_s: float
    gain_mm_per_mv: float
    span: Span
    high_mv: float
    low_mv: float

    @property
    def width_mm(self) -> float:
        return _PULSE_ROOM_MM + (self.span.last - self.span.first) / 1000 * self.speed_mm_per_s + _MARGIN_MM

    @property
    def height_mm(self) -> float:
        return self.y_mm(self.low_mv) + _MARGIN_MM

    def x_mm(self, ms: float) -> float:
        return _PULSE_ROOM_MM + (ms - self.span.first) / 1000 * self.speed_mm_per_s

    def ms(self, x_mm: float) -> float:
        return (x_mm - _PULSE_ROOM_MM) / self.speed_mm_per_s * 1000 + self.span.first

    def y_mm(self, mv: float) -> float:
        return HEAD_MM + (self.high_mv - mv) * self.gain_mm_per_mv


def extremes_mv(measured: MeasuredBeat) -> tuple[float, float]:
    """Lowest and highest value of the drawn leads, with the level before the QRS (0) between them."""
    rows = [measured.beat.lead(lead) for lead in measured.leads]
    values = np.concatenate([row[np.isfinite(row)] for row in rows])
    return (min(float(values.min()), 0.0), max(float(values.max()), 0.0)) if len(values) else (-1.0, 1.0)


def fitting_scale(measured: MeasuredBeat, span: Span, *, width_mm: float, height_mm: float) -> BeatScale:
    """The largest speed and gain at which the whole beat is seen in this room; the smallest where none fits."""
    low, high = extremes_mv(measured)
    scale = BeatScale(SPEEDS_MM_PER_S[0], GAINS_MM_PER_MV[0], span, high, low)
    for speed in SPEEDS_MM_PER_S:
        for gain in GAINS_MM_PER_MV:
            larger = BeatScale(speed, gain, span, high, low)
            if larger.width_mm <= width_mm and larger.height_mm <= height_mm:
                scale = larger
    return scale
