"""The waves of one beat with little noise: QRS first, then T after it and P before it."""

from dataclasses import dataclass, replace

import numpy as np

from peace_model.ecg.measurement.spans import WaveFrame, WaveSpan, around, bounded, from_line
from peace_model.ecg.measurement.touching import P_HALF_MS, TOUCHING_MS, after_p, parted
from peace_model.ecg.measurement.tuning import Tuning
from peace_model.ecg.measurement.working_signal import MS, RATE_HZ, Array, smooth

_QRS_REACH_MS = 140.0
_ST_LEAST_MS = 40.0
_LONGEST_QT_MS = 660.0
_T_REACH_MS = 180.0
_P_GAP_MS = 6.0
_PR_SHARE = 0.22
_T_REACH_SHARE = 0.21
_T_PEAK_MS = 300.0
_LATEST_T_MS = 490.0
"""From R at 60 beats a minute, at other rates by the root of the interval: QTc by Bazett of some 530 ms."""
_P_PEAK_MS, _P_PEAK_SHARE, _PEAK_SPREAD_MS = 90.0, 0.18, 150.0
"""Where waves have their peaks: T this long after R at 60 beats a minute, P this long before the QRS (or the share of a
shorter interval), both give or take 150 ms: only waves of like size are told apart by it."""
_P_REACH_MS = 300.0
_LOOKS = 3
_STEADY = 1.1
"""After a premature beat the next P wave comes late, so the one before says nothing of where T ends."""
_SHORTEST_P_WINDOW_MS = 50.0
_SHORTEST_T_WINDOW_MS = 80.0
_NOISY = 1.5


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
    if p is None and t is not None and t.off - r > _LATEST_T_MS * MS * np.sqrt(rr_after / RATE_HZ):
        # So late a wave without room for a P wave after it is that P wave: T is what lies before it.
        earlier = _find_t(calm, r, qrs, rr_after, tuning, before=t.on)
        p = None if earlier is None else _find_p(calm, qrs, rr_before, earlier.off - rr_before, tuning)
        if p is not None:
            t = _find_t(calm, r, qrs, rr_after, tuning, before=p.on + rr_before)
            previous_end = p.frame.first if t is None else t.off - rr_before
    for _ in range(_LOOKS):
        if p is None or driven is not None or p.off < p.frame.last - TOUCHING_MS * MS:
            break
        later = after_p(qrs, p, tuning)
        if later.on <= qrs.on:
            break
        # With more of P in sight its fall may be steeper than it seemed.
        qrs = later
        p = _find_p(calm, qrs, rr_before, previous_end, tuning)
    if p is not None and t is not None and p.on <= previous_end + TOUCHING_MS * MS:
        p, shorter = parted(p, t, qrs, rr_before, tuning)
        return TemplateWaves(p, qrs, t, shorter if rr_after < _STEADY * rr_before else None)
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
    return bounded(frame, tuning.qrs_on, tuning.qrs_off, tuning.qrs_ms)


def _find_t(signal_mv: Array, r: int, qrs: WaveSpan, rr_after: float, tuning: Tuning, *, before: float = np.inf
            ) -> WaveSpan | None:
    first = round(qrs.off + _ST_LEAST_MS * MS)
    last = round(min(signal_mv.shape[1] - 1, r + (1 - _PR_SHARE) * rr_after, r + _LONGEST_QT_MS * MS, before))
    if last - first < _SHORTEST_T_WINDOW_MS * MS:
        return None
    # QT follows the root of the interval (Bazett).
    expected = r + _T_PEAK_MS * MS * np.sqrt(rr_after / RATE_HZ)
    peak = _peak(smooth(signal_mv, 8.0), first, last, expected)
    reach = min(_T_REACH_MS * MS, _T_REACH_SHARE * rr_after)
    return bounded(around(signal_mv, peak, first, last, reach), tuning.t_on, tuning.t_off, tuning.t_ms)


def _find_p(signal_mv: Array, qrs: WaveSpan, rr_before: float, previous_end: float, tuning: Tuning) -> WaveSpan | None:
    last = round(qrs.outer_on - _P_GAP_MS * MS)
    first = round(max(0, previous_end, qrs.outer_on - _P_REACH_MS * MS))
    if last - first < _SHORTEST_P_WINDOW_MS * MS:
        return None
    peak = _peak(smooth(signal_mv, 6.0), first, last,
                 qrs.outer_on - min(_P_PEAK_MS * MS, _P_PEAK_SHARE * rr_before))
    return bounded(around(signal_mv, peak, first, last, P_HALF_MS * MS), tuning.p_on, tuning.p_off, tuning.p_ms)


def _peak(signal_mv: Array, first: int, last: int, expected: float) -> int:
    """Where the leads' common component is farthest from the line between the window's ends, of equals the one nearer
    to where it is expected."""
    _, _, components = np.linalg.svd(from_line(signal_mv[:, first:last + 1]), full_matrices=False)
    likely = np.exp(-0.5 * ((np.arange(first, last + 1) - expected) / (_PEAK_SPREAD_MS * MS)) ** 2)
    return first + int(np.argmax(np.abs(components[0]) * likely))
