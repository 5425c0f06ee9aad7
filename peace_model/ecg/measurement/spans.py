"""One wave of a beat: where its boundaries are sought, and what was found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.tuning import Edge
from peace_model.ecg.measurement.waves import boundary, lead_boundaries, move_share, slopes_of
from peace_model.ecg.measurement.working_signal import MS, Array, slope


@dataclass(frozen=True, eq=False)
class WaveFrame:
    """Where a wave's boundaries are sought: its flank in on_span and off_span (first and last sample), its onset not
    before `first`, its offset not after `last`."""

    signal_mv: Array
    on_span: tuple[int, int]
    off_span: tuple[int, int]
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class WaveSpan:
    """One wave: boundaries over all leads and in each (n_leads,), and the sample (n_leads,) and height (n_leads,) mV of
    its extreme in each, from the line between its ends. outer_on: before it nothing of the wave is left, not even what
    readers would count as ripple."""

    frame: WaveFrame
    on: float
    off: float
    lead_on: Array
    lead_off: Array
    lead_peak: NDArray[np.int64]
    height_mv: Array
    outer_on: float


def around(signal_mv: Array, peak: int, first: int, last: int, reach: float) -> WaveFrame:
    """Flanks at most `reach` samples from the peak, boundaries within [first, last]."""
    spans = (max(first, round(peak - reach)), peak), (peak, min(last, round(peak + reach)))
    return WaveFrame(signal_mv, *spans, first, last)


def bounded(frame: WaveFrame, on_edge: Edge, off_edge: Edge, typical_ms: float) -> WaveSpan:
    """The wave whose flanks lie in the frame. typical_ms: how wide this wave is in adults."""
    before, after = (slopes_of(slope(frame.signal_mv, edge.sigma_ms)) for edge in (on_edge, off_edge))
    on = boundary(before, on_edge, frame.on_span, frame.first, end=False)
    off = boundary(after, off_edge, frame.off_span, frame.last, end=True)
    lead_on = lead_boundaries(before, on_edge, frame.on_span, frame.first, end=False)
    lead_off = lead_boundaries(after, off_edge, frame.off_span, frame.last, end=True)
    width = (off - on) / (typical_ms * MS)
    unit = MS * width * min(1.0, width)
    on_move = on_edge.move_ms * move_share(before, on_edge, on, end=False)
    off_move = off_edge.move_ms * move_share(after, off_edge, off, end=True)
    outer_on = max(frame.first, on + on_edge.move_ms * unit)
    on, off = max(frame.first, on + on_move * unit), min(frame.last, off + off_move * unit)
    off = max(on + 1, off)
    part = from_line(frame.signal_mv[:, int(on):int(np.ceil(off)) + 1])
    extreme = np.abs(part).argmax(axis=1)
    return WaveSpan(frame, on, off, np.maximum(frame.first, lead_on + on_edge.lead_move_ms * unit),
                    np.minimum(frame.last, lead_off + off_edge.lead_move_ms * unit), int(on) + extreme,
                    part[np.arange(len(part)), extreme], outer_on)


def from_line(part: Array) -> Array:
    """The samples less the line between the first and the last, lead by lead."""
    line = np.linspace(0.0, 1.0, part.shape[1])
    return np.asarray(part - part[:, :1] - (part[:, -1:] - part[:, :1]) * line)
