"""What pattern rules ask of the QRS beyond its duration: a slow beginning, R' and S, how late and how broad."""

import numpy as np

from peace_model.ecg.measurement.amplitudes import NO_QRS
from peace_model.ecg.measurement.deflections import QrsWaves
from peace_model.ecg.measurement.marks import MedianBeat
from peace_model.ecg.measurement.value import Found, missing
from peace_model.words import mark

NO_R = mark("no R wave")
_SPEED_REACHED = 0.5
"""A delta wave is the part of the QRS before the heart vector reaches half of its top speed."""
_SMOOTHING_S = 0.008


def slow_onset(beat: MedianBeat) -> Found:
    """Time from the onset of QRS until the leads together change at half of the fastest rate of the QRS."""
    marks = beat.marks.overall
    if marks.qrs_on is None or marks.qrs_off is None:
        return missing(marks.qrs_reason or NO_QRS)
    speed = np.sqrt((np.gradient(beat.signal_mv, axis=1) ** 2).sum(axis=0))
    width = max(1, round(_SMOOTHING_S * beat.fs_hz))
    speed = np.convolve(speed, np.full(width, 1 / width), mode="same")
    first = max(0, round(marks.qrs_on))
    within = speed[first:round(marks.qrs_off) + 1]
    if not len(within) or within.max() <= 0:
        return missing(NO_QRS)
    reached = int(np.argmax(within >= _SPEED_REACHED * within.max()))
    return Found(max(0.0, first + reached - marks.qrs_on) / beat.fs_hz * 1000, "derived",
                 confidence=marks.qrs_confidence)


def r_peak_time(beat: MedianBeat, waves: QrsWaves | None) -> Found:
    """From the onset of QRS over all leads to the tallest R of one lead."""
    onset = beat.marks.overall.qrs_on
    if onset is None or waves is None:
        return missing(NO_QRS)
    if waves.r_peak is None:
        return missing(NO_R)
    return Found((waves.r_peak - onset) / beat.fs_hz * 1000, "derived",
                 confidence=beat.marks.overall.qrs_confidence)


def durations(beat: MedianBeat, waves: QrsWaves | None) -> tuple[Found, Found]:
    """How long the R and the S of one lead last; 0 for one that is absent."""
    if waves is None:
        return missing(NO_QRS), missing(NO_QRS)
    r, s = (Found(width / beat.fs_hz * 1000, "derived", confidence=beat.marks.overall.qrs_confidence)
            for width in (waves.r_width, waves.s_width))
    return r, s


def second_r(waves: QrsWaves | None) -> Found:
    """R' of one lead; 0 where there is none."""
    return missing(NO_QRS) if waves is None else Found(waves.second_r_mv, "detected")
