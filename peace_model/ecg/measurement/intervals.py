"""P, PR, QRS and QT from the boundaries of the median beat over all leads, and QTc.

Earliest onset to latest offset over the leads (AHA/ACCF/HRS 2007, part I).
"""

from peace_model.ecg.measurement.amplitudes import NO_P, NO_QRS, NO_T
from peace_model.ecg.measurement.marks import MedianBeat
from peace_model.ecg.measurement.qtc import FORMULAS
from peace_model.ecg.measurement.value import Found, Note, missing
from peace_model.words import mark

FAST_BPM = 90
SLOW_BPM = 60
_NO_RATE = mark("the heart rate is not known")
_FAST = Note("bazett_fast", mark("Bazett's formula overcorrects at this rate."))
_SLOW = Note("bazett_slow", mark("Bazett's formula undercorrects at this rate."))


def intervals(beat: MedianBeat, rr_ms: float | None) -> dict[str, Found]:
    """p_ms, pr_ms, pr_segment_ms, qrs_ms, qt_ms and the four QTc. rr_ms: mean interval between dominant beats."""
    marks = beat.marks.overall
    p, qrs, t = marks.p_confidence, marks.qrs_confidence, marks.t_confidence
    no_p, no_qrs, no_t = marks.p_reason or NO_P, marks.qrs_reason or NO_QRS, marks.t_reason or NO_T
    found = {
        "p_ms": _between(marks.p_on, marks.p_off, beat.fs_hz, p, (no_p, no_p)),
        "pr_ms": _between(marks.p_on, marks.qrs_on, beat.fs_hz, min(p, qrs), (no_p, no_qrs)),
        "pr_segment_ms": _between(marks.p_off, marks.qrs_on, beat.fs_hz, min(p, qrs), (no_p, no_qrs)),
        "qrs_ms": _between(marks.qrs_on, marks.qrs_off, beat.fs_hz, qrs, (no_qrs, no_qrs)),
        "qt_ms": _between(marks.qrs_on, marks.t_off, beat.fs_hz, min(qrs, t), (no_qrs, no_t))}
    return found | corrected(found["qt_ms"], rr_ms)


def corrected(qt: Found, rr_ms: float | None) -> dict[str, Found]:
    """QTc by each formula; every one says which RR interval it used."""
    if qt.value is None:
        return dict.fromkeys(FORMULAS, qt)
    if rr_ms is None:
        return dict.fromkeys(FORMULAS, missing(_NO_RATE))
    used = Note("rr_used", mark("With the mean RR interval of {rr} ms."), (("rr", f"{rr_ms:.0f}"),))
    rate_bpm = 60_000 / rr_ms
    of_bazett = (_FAST,) if rate_bpm > FAST_BPM else (_SLOW,) if rate_bpm < SLOW_BPM else ()
    return {name: Found(formula(qt.value, rr_ms), "derived", confidence=qt.confidence,
                        notes=(used, *of_bazett) if name == "qtc_bazett_ms" else (used,))
            for name, formula in FORMULAS.items()}


def _between(first: float | None, last: float | None, fs_hz: float, confidence: float,
             reasons: tuple[str, str]) -> Found:
    if first is None or last is None:
        return missing(reasons[0] if first is None else reasons[1])
    return Found((last - first) / fs_hz * 1000, "detected", confidence=confidence)
