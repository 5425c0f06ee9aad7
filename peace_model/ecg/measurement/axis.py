"""The electrical axes of P, QRS and T in the frontal plane.

From the net areas of I and aVF over the wave of the median beat, as the angle defined in `leads`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import AVF_GAIN, frontal_angle_deg
from peace_model.ecg.measurement.amplitudes import NO_P, NO_QRS, t_window
from peace_model.ecg.measurement.marks import MedianBeat
from peace_model.ecg.measurement.value import Found, missing
from peace_model.words import mark

_LEAST_NET = 0.10
"""Net area below this fraction of the whole: forces cancel, and the angle is that of the noise."""
_INDETERMINATE = {
    "p": mark("indeterminate: the forces of P cancel in the frontal plane"),
    "qrs": mark("indeterminate: the forces of the QRS cancel in the frontal plane"),
    "t": mark("indeterminate: the forces of T cancel in the frontal plane")}


def axes(beat: MedianBeat) -> dict[str, Found]:
    """p_axis_deg, qrs_axis_deg and t_axis_deg in (-180, 180], 90 pointing down. beat has sound leads I and II."""
    marks = beat.marks.overall
    found = {}
    for wave, first, last, confidence, reason in (
            ("p", marks.p_on, marks.p_off, marks.p_confidence, marks.p_reason or NO_P),
            ("qrs", marks.qrs_on, marks.qrs_off, marks.qrs_confidence, marks.qrs_reason or NO_QRS)):
        if first is None or last is None:
            found[f"{wave}_axis_deg"] = missing(reason)
        else:
            one, foot = (samples[max(0, math.floor(first)):math.ceil(last) + 1] for samples in _frontal(beat))
            if wave == "p":
                one, foot = _over_line(one), _over_line(foot)
            found[f"{wave}_axis_deg"] = _angle(one, foot, wave, confidence)
    (one, reason), (two, _same_reason) = t_window(beat, "I"), t_window(beat, "II")
    found["t_axis_deg"] = missing(reason) if reason else _angle(one, two - one / 2, "t", marks.t_confidence)
    return found


def _frontal(beat: MedianBeat) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one = beat.lead("I")
    return one, beat.lead("aVF") if "aVF" in beat.leads else beat.lead("II") - one / 2


def _over_line(window: NDArray[np.float64]) -> NDArray[np.float64]:
    return window - np.linspace(window[0], window[-1], len(window))


def _angle(one: NDArray[np.float64], foot: NDArray[np.float64], wave: str, confidence: float) -> Found:
    across, down = float(one.sum()), float(foot.sum())
    whole = math.hypot(float(abs(one).sum()), AVF_GAIN * float(abs(foot).sum()))
    if math.hypot(across, AVF_GAIN * down) < _LEAST_NET * whole or whole == 0:
        return missing(_INDETERMINATE[wave])
    return Found(frontal_angle_deg(one=across, avf=down), "derived", confidence=confidence)
