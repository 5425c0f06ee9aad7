"""Heights of P, Q, R, S and T in every lead, from the median beat, against the level just before the QRS.

P rides on the slope of the T wave before it at fast rates: it is taken over the line from its onset to its offset.
"""

import math

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.catalogue import in_lead
from peace_model.ecg.measurement.deflections import QrsWaves
from peace_model.ecg.measurement.marks import MedianBeat
from peace_model.ecg.measurement.value import Found, Note, missing
from peace_model.words import mark

NO_S = mark("no S wave")
NO_QRS = mark("the QRS boundaries were not found")
NO_P = mark("the P wave boundaries were not found")
NO_T = mark("the T wave boundaries were not found")

_T_AFTER_J_S = 0.04
"""Where the onset of T is not given it is sought from here on after the QRS."""
_T_FLAT_MV = 0.05
"""Half a millimetre at 10 mm/mV."""
_SECOND_PHASE = 1 / 3
"""A T wave has two directions when the smaller is above the flat limit and this share of the larger."""


def qrs_amplitudes(waves: QrsWaves | None, lead: str, notes: tuple[Note, ...]) -> dict[str, Found]:
    """Q, R, S and R/S of one lead. waves: None where the QRS has no boundaries."""
    names = [in_lead(template, lead) for template in ("q_{lead}_mv", "r_{lead}_mv", "s_{lead}_mv", "rs_ratio_{lead}")]
    if waves is None:
        return dict.fromkeys(names, missing(NO_QRS))
    heights = [Found(value, "detected", notes=notes) for value in (waves.q_mv, waves.r_mv, waves.s_mv)]
    ratio = Found(waves.r_mv / waves.s_mv) if waves.s_mv > 0 else missing(NO_S)
    return dict(zip(names, (*heights, ratio), strict=True))


def p_amplitude(beat: MedianBeat, lead: str, notes: tuple[Note, ...]) -> Found:
    """The largest deflection of P with its sign."""
    marks = beat.marks.overall
    if marks.p_on is None or marks.p_off is None:
        return missing(marks.p_reason or NO_P)
    first, last = max(0, math.floor(marks.p_on)), math.ceil(marks.p_off)
    window = beat.lead(lead)[first:last + 1]
    over = window - np.linspace(window[0], window[-1], len(window))
    return Found(float(over[np.argmax(np.abs(over))]), "detected", confidence=marks.p_confidence, notes=notes)


def t_wave(beat: MedianBeat, lead: str, notes: tuple[Note, ...]) -> tuple[Found, Found]:
    """Amplitude with its sign, and polarity as a number of the catalogue's T_POLARITY."""
    samples, reason = t_window(beat, lead)
    if reason:
        return missing(reason), missing(reason)
    confidence = beat.marks.overall.t_confidence
    height = float(samples[np.argmax(np.abs(samples))])
    noise_mv = float(np.nan_to_num(beat.residual_noise_mv[beat.leads.index(lead)]))
    return (Found(height, "detected", confidence=confidence, notes=notes),
            Found(float(_polarity(samples, max(_T_FLAT_MV, 2 * noise_mv))), "derived", confidence=confidence))


def t_window(beat: MedianBeat, lead: str) -> tuple[NDArray[np.float64], str]:
    """The samples of T in a lead and "", or none and the reason."""
    marks = beat.marks.overall
    start = marks.t_on
    if start is None and marks.qrs_off is not None:
        start = marks.qrs_off + _T_AFTER_J_S * beat.fs_hz
    if start is None or marks.t_off is None:
        return np.zeros(0), marks.t_reason or NO_T
    window = beat.lead(lead)[max(0, round(start)):round(marks.t_off) + 1]
    return (window, "") if len(window) > 2 else (np.zeros(0), NO_T)


def _polarity(samples: NDArray[np.float64], flat_mv: float) -> int:
    highest, lowest = int(np.argmax(samples)), int(np.argmin(samples))
    up, down = max(float(samples[highest]), 0.0), max(-float(samples[lowest]), 0.0)
    if max(up, down) < flat_mv:
        return 0
    if min(up, down) >= flat_mv and min(up, down) >= _SECOND_PHASE * max(up, down):
        return 2 if highest < lowest else -2
    return 1 if up >= down else -1
