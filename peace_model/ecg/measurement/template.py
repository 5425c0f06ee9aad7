"""The waves of one beat with little noise: QRS first, then T after it and P before it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.tuning import Edge, Tuning
from peace_model.ecg.measurement.waves import boundary, lead_boundaries, slopes_of
from peace_model.ecg.measurement.working_signal import MS, Array, slope, smooth

_QRS_REACH_MS = 140.0
_ST_LEAST_MS = 40.0
_LONGEST_QT_MS = 660.0
_T_REACH_MS = 180.0
_P_REACH_MS = 300.0
_P_HALF_MS = 100.0
_SHORTEST_P_WINDOW_MS = 50.0
_SHORTEST_T_WINDOW_MS = 80.0


@dataclass(frozen=True, eq=False)
class WaveSpan:
    """One wave: boundaries over all leads and in each (n_leads,), its peak over all leads, the sample (n_leads,) and
    height (n_leads,) mV of its extreme in each, from the line between its ends."""

    on: float
    off: float
    lead_on: Array
    lead_off: Array
    peak: int
    lead_peak: NDArray[np.int64]
    height_mv: Array


@dataclass(frozen=True, eq=False)
class TemplateWaves:
    """In samples of the template; None for a wave without room."""

    p: WaveSpan | None
    qrs: WaveSpan
    t: WaveSpan | None


def find_waves(signal_mv: Array, r: int, *, rr_before: float, rr_after: float, spike: float | None,
               tuning: Tuning) -> TemplateWaves:
    """signal_mv: (n_leads, m) at the working rate. rr in samples: where the neighbouring beats are. spike: sample of
    the pacing spike that drives this QRS, which begins with it."""
    qrs = find_qrs(signal_mv, r, rr=min(rr_before, rr_after), tuning=tuning)
    if spike is not None:
        qrs = replace(qrs, on=spike, lead_on=np.maximum(qrs.lead_on, spike))
    t = _find_t(signal_mv, r, qrs, rr_after, tuning)
    # The beat before repolarises as this one does.
    previous_end = (qrs.off + 100 * MS if t is None else t.off) - rr_before
    p = _find_p(signal_mv, qrs, previous_end, tuning)
    return TemplateWaves(p, qrs, t)


def find_qrs(signal_mv: Array, r: int, *, rr: float, tuning: Tuning) -> WaveSpan:
    last = signal_mv.shape[1] - 1
    reach = round(min(_QRS_REACH_MS * MS, 0.4 * rr))
    span = (max(0, r - reach), min(last, r + reach))
    limits = (max(0, r - round(1.4 * reach)), min(last, r + round(1.6 * reach)))
    return _wave(signal_mv, r, (span, span), limits, (tuning.qrs_on, tuning.qrs_off))


def _find_t(signal_mv: Array, r: int, qrs: WaveSpan, rr_after: float, tuning: Tuning) -> WaveSpan | None:
    first = round(qrs.off + _ST_LEAST_MS * MS)
    last = round(min(signal_mv.shape[1] - 1, r + rr_after - max(80 * MS, 0.12 * rr_after), r + _LONGEST_QT_MS * MS,
                     qrs.off + 0.7 * rr_after))
    if last - first < _SHORTEST_T_WINDOW_MS * MS:
        return None
    peak = _peak(smooth(signal_mv, 8.0), first, last)
    reach = round(_T_REACH_MS * MS)
    spans = ((max(first, peak - reach), peak), (peak, min(last, peak + reach)))
    return _wave(signal_mv, peak, spans, (first, last), (tuning.t_on, tuning.t_off))


def _find_p(signal_mv: Array, qrs: WaveSpan, previous_end: float, tuning: Tuning) -> WaveSpan | None:
    last = round(qrs.on - 3)
    first = round(max(0, previous_end, qrs.on - _P_REACH_MS * MS))
    if last - first < _SHORTEST_P_WINDOW_MS * MS:
        return None
    peak = _peak(smooth(signal_mv, 6.0), first, last)
    reach = round(_P_HALF_MS * MS)
    spans = ((max(first, peak - reach), peak), (peak, min(last, peak + reach)))
    return _wave(signal_mv, peak, spans, (first, last), (tuning.p_on, tuning.p_off))


def _wave(signal_mv: Array, peak: int, spans: tuple[tuple[int, int], tuple[int, int]], limits: tuple[int, int],
          edges: tuple[Edge, Edge]) -> WaveSpan:
    before, after = (slopes_of(slope(signal_mv, edge.sigma_ms)) for edge in edges)
    on = boundary(before, edges[0], spans[0], limits[0], end=False)
    off = max(on + 1, boundary(after, edges[1], spans[1], limits[1], end=True))
    part = _from_line(signal_mv[:, int(on):int(np.ceil(off)) + 1])
    extreme = np.abs(part).argmax(axis=1)
    return WaveSpan(
        on, off, lead_boundaries(before, edges[0], spans[0], limits[0], end=False),
        lead_boundaries(after, edges[1], spans[1], limits[1], end=True), peak, int(on) + extreme,
        part[np.arange(len(part)), extreme])


def _peak(signal_mv: Array, first: int, last: int) -> int:
    """Where the leads' common component is farthest from the line between the window's ends."""
    _, _, components = np.linalg.svd(_from_line(signal_mv[:, first:last + 1]), full_matrices=False)
    return first + int(np.argmax(np.abs(components[0])))


def _from_line(part: Array) -> Array:
    line = np.linspace(0.0, 1.0, part.shape[1])
    return np.asarray(part - part[:, :1] - (part[:, -1:] - part[:, :1]) * line)
