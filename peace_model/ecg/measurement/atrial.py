"""Whether the deflection before the QRS is a P wave: the same in every beat, and bound to the QRS.

Fibrillation and dissociated atria leave something before every QRS, too, but not the same: the wave of one beat is
then unlike the mean of the others.
"""

import numpy as np

from peace_model.ecg.measurement.groups import Samples
from peace_model.ecg.measurement.likeness import Likeness
from peace_model.ecg.measurement.marks import NO_P, NO_P_FIBRILLATION, PACED_ATRIA
from peace_model.ecg.measurement.spans import WaveSpan
from peace_model.ecg.measurement.tuning import Tuning
from peace_model.ecg.measurement.working_signal import MS, slope

_STEEPEST_P_MV_PER_MS = 0.02
"""A tall P wave of a diseased atrium rises by 0.4 mV in 30 ms; the pulse of an atrial lead is steeper."""
_PULSE_MS = 16.0
"""A smoothed pulse falls as steeply as it rose within twice the smoothing's width; the P wave of enlarged atria, which
may be as steep, takes longer to turn."""
_IRREGULAR = 0.10
"""Of irregularity(): respiration makes less of it in sinus rhythm, fibrillation always more."""
_DOUBT = 2.0
_STEEP_SIGMA_MS = 4.0
_NO_DOUBT = 0.90
"""The less regular the rhythm, the more alike its P waves must be, up to this likeness."""


def irregularity(r: Samples, group: Samples) -> float:
    """How irregular the intervals between neighbouring dominant beats are, as a share of their median: the standard
    deviation, or the median change from one to the next where that is more; 0 with fewer than 4 beats."""
    rr = np.diff(r)[(group[:-1] == 0) & (group[1:] == 0)].astype(np.float64)
    if len(rr) < 3:
        return 0.0
    return float(max(np.median(np.abs(np.diff(rr))), np.std(rr)) / np.median(rr))


def p_size_mv(p: WaveSpan) -> float:
    """Height of a P wave over all leads, as a root mean square."""
    return float(np.sqrt(np.mean(p.height_mv ** 2)))


def _is_pulse(p: WaveSpan) -> bool:
    """Whether some lead rises and falls more steeply than a P wave does, and at once."""
    part = slope(p.frame.signal_mv[:, int(p.on):int(np.ceil(p.off)) + 1], _STEEP_SIGMA_MS)
    steepest, turned = np.abs(part).max(axis=1), np.minimum(part.max(axis=1), -part.min(axis=1))
    apart_ms = np.abs(part.argmax(axis=1) - part.argmin(axis=1)) / MS
    return bool(((steepest > _STEEPEST_P_MV_PER_MS) & (turned > steepest / 2) & (apart_ms <= _PULSE_MS)).any())


def why_no_p(p: WaveSpan | None, likeness: Likeness, irregular: float, tuning: Tuning) -> str:
    """"" for the P wave of a group of three beats or more, else the reason why there is none."""
    none = NO_P_FIBRILLATION if irregular >= _IRREGULAR else NO_P
    if p is None or p_size_mv(p) < tuning.p_least_mv:
        return none
    if _is_pulse(p):
        return PACED_ATRIA
    alike = float(np.median(likeness.unmoved))
    return "" if alike >= min(tuning.p_least_likeness + _DOUBT * irregular, _NO_DOUBT) else none
