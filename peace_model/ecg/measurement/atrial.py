"""Whether the deflection before the QRS is a P wave: the same in every beat, and bound to the QRS.

Fibrillation and dissociated atria leave something before every QRS, too, but not the same: the wave of one beat is
then unlike the mean of the others.
"""

import numpy as np

from peace_model.ecg.measurement.groups import Samples
from peace_model.ecg.measurement.likeness import Likeness
from peace_model.ecg.measurement.marks import NO_P, NO_P_FIBRILLATION
from peace_model.ecg.measurement.template import WaveSpan
from peace_model.ecg.measurement.tuning import Tuning


def irregularity(r: Samples) -> float:
    """Median change from one interval to the next, as a share of the median interval; 0 with fewer than 4 beats."""
    rr = np.diff(r)
    return float(np.median(np.abs(np.diff(rr))) / np.median(rr)) if len(rr) >= 3 else 0.0


def why_no_p(p: WaveSpan | None, likeness: Likeness | None, irregular: float, tuning: Tuning) -> str:
    """"" for a P wave, else the reason why there is none. likeness: None where too few beats can be compared."""
    if p is None or float(np.sqrt(np.mean(p.height_mv ** 2))) < tuning.p_least_mv:
        return NO_P
    if likeness is None:
        return ""
    alike = float(np.median(likeness.unmoved))
    if irregular >= tuning.p_irregular and alike < tuning.p_least_likeness_irregular:
        return NO_P_FIBRILLATION
    return NO_P if alike < tuning.p_least_likeness else ""
