"""The waves of one beat with little noise: QRS first, then T after it and P before it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.tuning import Edge, Tuning
from peace_model.ecg.measurement.waves import boundary, lead_boundaries, move_share, slopes_of
from peace_model.ecg.measurement.working_signal import MS, RATE_HZ, Array, slope, smooth

_QRS_REACH_MS = 140.0
_ST_LEAST_MS = 40.0
_LONGEST_QT_MS = 660.0
_T_REACH_MS = 180.0
_P_GAP_MS = 6.0
_PR_SHARE = 0.22
_T_REACH_SHARE = 0.21
_T_PEAK_MS = 300.0
_P_PEAK_MS, _P_PEAK_SHARE, _PEAK_SPREAD_MS = 90.0, 0.18, 150.0
"""Where waves have their peaks: T this long after R at 60 beats a minute, P this long before the QRS (or the share of a
shorter interval), both give or take 150 ms: only waves of like size are told apart by it."""
_P_REACH_MS = 300.0
_TOUCHING_MS = 8.0
_STEADY = 1.1
"""After a premature beat the next P wave comes late, so the one before says nothing of where T ends."""
_REST_SIGMA_MS = 8.0
_P_HALF_MS = 100.0
_SHORTEST_P_WINDOW_MS = 50.0
_SHORTEST_T_WINDOW_MS = 80.0
_NOISY = 1.5


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


@dataclass(frozen=True, eq=False)
class TemplateWaves:
    """In samples of the template; None for a wave without room. t_before_p: T where the P wave found on its end is one;
    None where T and P do not touch."""

    p: WaveSpan | None
    qrs: WaveSpan
    t: WaveSpan | None
    t_before_p: WaveSpan | None = None


def find_waves(signal_mv: Array, r: int, *, rr_before: float, rr_after: float, noise_mv: Array,
               driven: float | None, tuning: Tuning) -> TemplateWaves:
    """signal_mv: (n_leads, m) at the working rate. rr in samples: where the neighbouring beats are. noise_mv: of each
    lead, NaN unknown. driven: sample at which a pacing spike starts this QRS."""
    qrs = find_qrs(signal_mv, r, rr=min(rr_before, rr_after), tuning=tuning)
    if driven is not None:
        qrs = replace(qrs, on=min(driven, qrs.off - 1), outer_on=min(driven, qrs.outer_on),
                      lead_on=np.maximum(qrs.lead_on, driven))
    calm = signal_mv * _weights(noise_mv)[:, None]
    t = _find_t(calm, r, qrs, rr_after, tuning)
    # The beat before repolarises as this one does.
    previous_end = (qrs.off + 100 * MS if t is None else t.off) - rr_before
    p = _find_p(calm, qrs, rr_before, previous_end, tuning)
    if p is not None and t is not None and p.on <= previous_end + _TOUCHING_MS * MS:
        p, parted = _parted(p, t, qrs, rr_before, tuning)
        return TemplateWaves(p, qrs, t, parted if rr_after < _STEADY * rr_before else None)
    return TemplateWaves(p, qrs, t)


def _weights(noise_mv: Array) -> Array:
    """Less than 1 for leads noisier than half as much again as the middle one, so that all are about as noisy."""
    middle = np.median(noise_mv)
    if not np.isfinite(middle) or middle <= 0:
        return np.ones(len(noise_mv))
    return np.minimum(1.0, _NOISY * middle / np.maximum(noise_mv, 1e-9))


def find_qrs(signal_mv: Array, r: int, *, rr: float, tuning: Tuning) -> WaveSpan:
    last = signal_mv.shape[1] - 1
    reach = round(min(_QRS_REACH_MS * MS, 0.4 * rr))
    span = (max(0, r - reach), min(last, r + reach))
    frame = WaveFrame(signal_mv, span, span, max(0, r - round(1.4 * reach)), min(last, r + round(1.6 * reach)))
    return _bounded(frame, tuning.qrs_on, tuning.qrs_off, tuning.qrs_ms)


def _find_t(signal_mv: Array, r: int, qrs: WaveSpan, rr_after: float, tuning: Tuning) -> WaveSpan | None:
    first = round(qrs.off + _ST_LEAST_MS * MS)
    last = round(min(signal_mv.shape[1] - 1, r + (1 - _PR_SHARE) * rr_after, r + _LONGEST_QT_MS * MS))
    if last - first < _SHORTEST_T_WINDOW_MS * MS:
        return None
    # QT follows the root of the interval (Bazett).
    expected = r + _T_PEAK_MS * MS * np.sqrt(rr_after / RATE_HZ)
    peak = _peak(smooth(signal_mv, 8.0), first, last, expected)
    reach = min(_T_REACH_MS * MS, _T_REACH_SHARE * rr_after)
    return _bounded(_around(signal_mv, peak, first, last, reach), tuning.t_on, tuning.t_off, tuning.t_ms)


def _find_p(signal_mv: Array, qrs: WaveSpan, rr_before: float, previous_end: float, tuning: Tuning) -> WaveSpan | None:
    last = round(qrs.outer_on - _P_GAP_MS * MS)
    first = round(max(0, previous_end, qrs.outer_on - _P_REACH_MS * MS))
    if last - first < _SHORTEST_P_WINDOW_MS * MS:
        return None
    peak = _peak(smooth(signal_mv, 6.0), first, last,
                 qrs.outer_on - min(_P_PEAK_MS * MS, _P_PEAK_SHARE * rr_before))
    return _bounded(_around(signal_mv, peak, first, last, _P_HALF_MS * MS), tuning.p_on, tuning.p_off, tuning.p_ms)


def _parted(p: WaveSpan, t: WaveSpan, qrs: WaveSpan, rr_before: float, tuning: Tuning) -> tuple[WaveSpan, WaveSpan]:
    """P and the T wave on whose end it lies, parted where all leads together come nearest to the level before the QRS.

    Unparted, T takes the rise of a steep P wave for its own fall, and P is left with the rest.
    """
    t_peak, p_peak = t.frame.off_span[0] - rr_before, p.frame.off_span[0]
    first, last = max(0, round(t_peak)), p_peak
    if last <= first:
        return p, t
    level = p.frame.signal_mv - p.frame.signal_mv[:, [round(qrs.outer_on)]]
    away = np.sqrt((smooth(level, _REST_SIGMA_MS) ** 2).sum(axis=0))
    rest = first + int(np.argmin(away[first:last + 1]))
    end = max(round(rest + rr_before), t.frame.off_span[0] + 1)
    of_t = replace(t.frame, off_span=(t.frame.off_span[0], min(t.frame.off_span[1], end)), last=min(t.frame.last, end))
    of_p = _around(p.frame.signal_mv, p_peak, rest, p.frame.last, _P_HALF_MS * MS)
    return (_bounded(of_p, tuning.p_on, tuning.p_off, tuning.p_ms),
            _bounded(of_t, tuning.t_on, tuning.t_off, tuning.t_ms))


def _around(signal_mv: Array, peak: int, first: int, last: int, reach: float) -> WaveFrame:
    spans = (max(first, round(peak - reach)), peak), (peak, min(last, round(peak + reach)))
    return WaveFrame(signal_mv, *spans, first, last)


def _bounded(frame: WaveFrame, on_edge: Edge, off_edge: Edge, typical_ms: float) -> WaveSpan:
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
    part = _from_line(frame.signal_mv[:, int(on):int(np.ceil(off)) + 1])
    extreme = np.abs(part).argmax(axis=1)
    return WaveSpan(frame, on, off, np.maximum(frame.first, lead_on + on_edge.lead_move_ms * unit),
                    np.minimum(frame.last, lead_off + off_edge.lead_move_ms * unit), int(on) + extreme,
                    part[np.arange(len(part)), extreme], outer_on)


def _peak(signal_mv: Array, first: int, last: int, expected: float) -> int:
    """Where the leads' common component is farthest from the line between the window's ends, of equals the one nearer
    to where it is expected."""
    _, _, components = np.linalg.svd(_from_line(signal_mv[:, first:last + 1]), full_matrices=False)
    likely = np.exp(-0.5 * ((np.arange(first, last + 1) - expected) / (_PEAK_SPREAD_MS * MS)) ** 2)
    return first + int(np.argmax(np.abs(components[0]) * likely))


def _from_line(part: Array) -> Array:
    line = np.linspace(0.0, 1.0, part.shape[1])
    return np.asarray(part - part[:, :1] - (part[:, -1:] - part[:, :1]) * line)
