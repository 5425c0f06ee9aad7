"""Waves found on a median beat, written down as marks: on the median itself and on each of its beats."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.likeness import Likeness
from peace_model.ecg.measurement.marks import (
    NO_T,
    NOT_INSIDE,
    NOTHING_RECORDED,
    ON_RAIL,
    TOO_SMALL,
    BeatMarks,
    WaveMarks,
)
from peace_model.ecg.measurement.spans import WaveSpan
from peace_model.ecg.measurement.template import TemplateWaves
from peace_model.ecg.measurement.working_signal import Array

_OVER_NOISE = 2.0
_NO_MARKS = (None, None, 0.0)


@dataclass(frozen=True, eq=False)
class FoundGroup:
    """A group at the working rate: positions of its beats, the waves of its median (voting leads) around sample r of
    it, the standard error of that median in mV (voting leads), why there is no P wave, and how much each beat's waves
    are like the median's (None where the group has no such wave)."""

    beats: NDArray[np.int64]
    waves: TemplateWaves
    r: int
    noise_mv: Array
    paced: bool
    p_reason: str
    p: Likeness | None
    qrs: Likeness
    t: Likeness | None


@dataclass(frozen=True)
class LeadTable:
    """leads of the recording in order; votes: rows of those that were used; railed: names."""

    leads: tuple[str, ...]
    votes: tuple[int, ...]
    railed: frozenset[str]


@dataclass(frozen=True)
class Frame:
    """From a median's working samples to samples written down: x -> (x + move) * scale, within [first, last] of the
    working signal after the move; p and t: further moves of these waves; t_last: where the next beat cuts T short."""

    move: float
    scale: float
    first: float
    last: float
    p: float = 0.0
    t: float = 0.0
    t_last: float = float("inf")


def marks_of(found: FoundGroup, table: LeadTable, frame: Frame, sure: tuple[float, float, float]) -> BeatMarks:
    """sure: confidence in P, QRS and T of this beat over all leads; less in a lead whose wave is near its noise."""
    overall = _one(found, frame, sure, None)
    leads = {}
    for row, lead in enumerate(table.leads):
        if row in table.votes:
            leads[lead] = _one(found, frame, sure, table.votes.index(row))
        else:
            why = ON_RAIL if lead in table.railed else NOTHING_RECORDED
            leads[lead] = WaveMarks(None, None, None, None, None, None, None, 0.0, 0.0, 0.0, why, why, why)
    return BeatMarks(overall, leads)


def sureness(found: FoundGroup, beat: int | None) -> tuple[float, float, float]:
    """How like the median's the P, QRS and T of one beat of the group are; of the middle beat for None."""
    def of(likeness: Likeness | None) -> float:
        if likeness is None:
            return 0.0
        values = likeness.best
        return float(np.clip(np.median(values) if beat is None else values[beat], 0.0, 1.0))

    return of(found.p), of(found.qrs), of(found.t)


def _one(found: FoundGroup, frame: Frame, sure: tuple[float, float, float], lead: int | None) -> WaveMarks:
    waves = found.waves
    noise = 0.0 if lead is None or np.isnan(found.noise_mv[lead]) else float(found.noise_mv[lead])

    def place(span: WaveSpan | None, reason: str, move: float, sureness: float
              ) -> tuple[float | None, float | None, float, str]:
        if span is None or reason:
            return *_NO_MARKS, reason or NO_T
        on, off = (span.on, span.off) if lead is None else (float(span.lead_on[lead]), float(span.lead_off[lead]))
        if lead is not None:
            height = abs(float(span.height_mv[lead]))
            if height <= _OVER_NOISE * noise:
                return *_NO_MARKS, TOO_SMALL
            sureness *= height ** 2 / (height ** 2 + (_OVER_NOISE * noise) ** 2)
        on, off = on + frame.move + move, off + frame.move + move
        if span is waves.t and on < frame.t_last:
            off = min(off, frame.t_last)
        if on < frame.first or off > frame.last:
            return *_NO_MARKS, NOT_INSIDE
        return on * frame.scale, off * frame.scale, sureness, ""

    p_on, p_off, p_sure, p_why = place(waves.p, found.p_reason, frame.p, sure[0])
    qrs_on, qrs_off, qrs_sure, qrs_why = place(waves.qrs, "", 0.0, sure[1])
    t_on, t_off, t_sure, t_why = place(waves.t, "", frame.t, sure[2])
    r = found.r if lead is None else int(waves.qrs.lead_peak[lead])
    return WaveMarks(p_on, p_off, qrs_on, (r + frame.move) * frame.scale, qrs_off, t_on, t_off,
                     p_sure, qrs_sure, t_sure, p_why, qrs_why, t_why)
