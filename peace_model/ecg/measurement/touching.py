"""Waves without a pause between them: a T wave that ends in the next P wave, a P wave that ends in the QRS.

Slopes alone do not part them, for between two waves that touch no lead rests.
"""

from dataclasses import replace

import numpy as np

from peace_model.ecg.measurement.spans import WaveSpan, around, bounded
from peace_model.ecg.measurement.tuning import Tuning
from peace_model.ecg.measurement.waves import boundary, slopes_of
from peace_model.ecg.measurement.working_signal import MS, slope, smooth

P_HALF_MS = 100.0
"""Of a P wave around its peak at most."""
TOUCHING_MS = 8.0
_STEEP_FALL = 0.03
"""Of the QRS's greatest slope: a P wave that falls less steeply does not pass for the beginning of QRS."""
_FALL_SHARE = 0.8
_ALONG = 0.6
"""Cosine of the angle between two movements of all leads."""
_REST_SIGMA_MS = 8.0


def after_p(qrs: WaveSpan, p: WaveSpan, tuning: Tuning) -> WaveSpan:
    """A QRS that begins before P has ended: where it grows steeper than the fall of P, if until there the leads move
    along one line with that fall. A QRS that begins at its own onset leaves that line at once."""
    edge = tuning.qrs_on
    signed = slope(qrs.frame.signal_mv, edge.sigma_ms)
    slopes = slopes_of(signed)
    first, last = p.frame.off_span[0], max(p.frame.off_span[0] + 1, round(p.off))
    together = slopes.together[0, first:last]
    if together.max() <= _STEEP_FALL * slopes.together.max():
        return qrs
    each = slopes.each[:, first:last].max(axis=1)
    slopes = replace(slopes, rest=np.maximum(slopes.rest, _FALL_SHARE * each / edge.over_rest),
                     rest_together=np.maximum(slopes.rest_together, _FALL_SHARE * together.max() / edge.over_rest))
    on = min(max(boundary(slopes, edge, qrs.frame.on_span, qrs.frame.first, end=False), qrs.on), qrs.off - 1)
    fall = signed[:, first + int(together.argmax())]
    between = signed[:, round(qrs.on):max(round(on), round(qrs.on) + 1)]
    along = np.abs(fall @ between) / (np.linalg.norm(fall) * np.linalg.norm(between, axis=0) + 1e-12)
    if along.mean() < _ALONG:
        return qrs
    return replace(qrs, on=on, outer_on=on, lead_on=np.maximum(qrs.lead_on, on))


def parted(p: WaveSpan, t: WaveSpan, qrs: WaveSpan, rr_before: float, tuning: Tuning) -> tuple[WaveSpan, WaveSpan]:
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
    of_p = around(p.frame.signal_mv, p_peak, rest, p.frame.last, P_HALF_MS * MS)
    return (bounded(of_p, tuning.p_on, tuning.p_off, tuning.p_ms),
            bounded(of_t, tuning.t_on, tuning.t_off, tuning.t_ms))
