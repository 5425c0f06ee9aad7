"""The ST level of every lead at the J point and 60 ms later, against the level just before the QRS."""

from peace_model.ecg.measurement.amplitudes import NO_QRS
from peace_model.ecg.measurement.marks import MedianBeat
from peace_model.ecg.measurement.value import Found, Note, missing
from peace_model.words import mark

AFTER_J_S = 0.06
_HALF_WIDTH_S = 0.004
_OUTSIDE = mark("the beat ends before this point")
_IN_T = Note("in_t_wave", mark("At this rate the point lies on the T wave."))


def st_levels(beat: MedianBeat, lead: str) -> tuple[Found, Found]:
    """At J and at J + 60 ms, each the mean over 8 ms."""
    j = beat.marks.overall.qrs_off
    if j is None:
        return missing(NO_QRS), missing(NO_QRS)
    return _level(beat, lead, j), _level(beat, lead, j + AFTER_J_S * beat.fs_hz)


def _level(beat: MedianBeat, lead: str, at: float) -> Found:
    samples, half = beat.lead(lead), round(_HALF_WIDTH_S * beat.fs_hz)
    middle = round(at)
    if middle + half >= len(samples):
        return missing(_OUTSIDE)
    t_on = beat.marks.overall.t_on
    return Found(float(samples[middle - half:middle + half + 1].mean()), "detected",
                 confidence=beat.marks.overall.qrs_confidence,
                 notes=(_IN_T,) if t_on is not None and at > t_on else ())
