"""When beats come: sinus rhythm with respiratory arrhythmia, premature beats, tachycardia, fibrillation.

Respiratory sinus arrhythmia: intervals shorten on inspiration (Task Force, Circulation 1996;93:1043); its depth and
the breathing rate follow age. A premature atrial beat resets the sinus node; a premature ventricular one does not, so
its pause is fully compensatory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from peace_model.ecg.recording import Sex
from peace_model.ecg.simulation.age_parameters import Vitals, between_knots, limits_for
from peace_model.ecg.simulation.morphology import Shape
from peace_model.ecg.simulation.spec import Pathology, SimulationSpec
from peace_model.ecg.simulation.truth import BeatKind

_QUIET_GAP_S = 0.012
_LEAD_IN_S = 2.0
"""Beats begin this long before the recording, so that it starts in mid-rhythm as real ones do."""


@dataclass(frozen=True)
class PlannedBeat:
    """A beat to draw: QRS onset in seconds from the start of the recording, the interval it repolarises by, and the
    time to the next QRS onset."""

    kind: BeatKind
    qrs_on_s: float
    rr_s: float
    next_s: float


def sinus_rate_bpm(heart: Vitals, shape: Shape, *, age_days: int, sex: Sex) -> float:
    """The heart's rate, slowed just enough for T to end before the next P, but never below the 2nd percentile."""
    slowest = 1.03 * limits_for("heart_rate", age_days=age_days, sex=sex)[0]
    rate = heart.hr_bpm
    while rate > slowest:
        shortest_rr = 60 / rate * (1 - 1.25 * heart.rsa)
        needed = (shape.pr_ms + shape.qtc_ms * np.sqrt(shortest_rr)) / 1000 + _QUIET_GAP_S
        if needed <= shortest_rr:
            break
        rate -= 0.5
    return rate


def plan(spec: SimulationSpec, heart: Vitals, shape: Shape, rng: np.random.Generator) -> list[PlannedBeat]:
    """Every beat that may touch the recording, in order."""
    wanted = spec.pathologies
    if Pathology.SVT in wanted:
        steps = _tachycardia(spec.age_days, rng)
    elif Pathology.ATRIAL_FIBRILLATION in wanted:
        steps = _fibrillation(spec.age_days, rng, premature=Pathology.PVC in wanted)
    else:
        rate = sinus_rate_bpm(heart, shape, age_days=spec.age_days, sex=spec.sex)
        steps = _sinus(60 / rate, heart, shape, wanted, rng)
    starts: list[tuple[BeatKind, float, float]] = []
    now = -_LEAD_IN_S - rng.uniform(0, 1)
    for kind, interval, rr in steps:
        starts.append((kind, now, rr))
        if now > spec.duration_s + _LEAD_IN_S:
            break
        now += interval
    return [PlannedBeat(kind, on, rr, following[1] - on)
            for (kind, on, rr), following in zip(starts[:-1], starts[1:], strict=True)]


Step = tuple[BeatKind, float, float]
"""A beat's kind, the time to the next QRS onset, and the interval its repolarisation follows."""


def _sinus(mean_rr: float, heart: Vitals, shape: Shape, wanted: frozenset[Pathology],
           rng: np.random.Generator) -> Iterator[Step]:
    phase, now = rng.uniform(0, 2 * np.pi), 0.0
    premature = [kind for kind, pathology in ((BeatKind.ATRIAL_PREMATURE, Pathology.PAC),
                                              (BeatKind.VENTRICULAR_PREMATURE, Pathology.PVC)) if pathology in wanted]
    until_next, turn = int(rng.integers(3, 5)), 0
    while True:
        breath = np.sin(2 * np.pi * heart.respiration_hz * now + phase)
        rr = mean_rr * (1 + heart.rsa * breath + float(np.clip(rng.normal(0, 0.006), -0.015, 0.015)))
        qt = shape.qtc_ms / 1000 * np.sqrt(rr)
        if premature and until_next == 0:
            kind = premature[turn % len(premature)]
            turn, until_next = turn + 1, int(rng.integers(4, 7))
            if kind is BeatKind.VENTRICULAR_PREMATURE:
                early = min(max(0.60 * rr, qt + 0.02), 0.8 * rr)
                yield BeatKind.SINUS, early, rr
                yield kind, 2 * rr - early, rr
                now += 2 * rr
            else:
                early = min(max(0.64 * rr, qt + 0.3 * shape.pr_ms / 1000), 0.78 * rr)
                yield BeatKind.SINUS, early, rr
                yield kind, 1.08 * rr, early
                now += early + 1.08 * rr
            continue
        yield BeatKind.SINUS, rr, rr
        now += rr
        until_next -= 1


def _tachycardia(age_days: int, rng: np.random.Generator) -> Iterator[Step]:
    rr = 60 / (between_knots("tachycardia_bpm", age_days)[0] * rng.uniform(0.96, 1.04))
    while True:
        interval = rr * (1 + float(np.clip(rng.normal(0, 0.002), -0.005, 0.005)))
        yield BeatKind.SUPRAVENTRICULAR, interval, interval


def _fibrillation(age_days: int, rng: np.random.Generator, *, premature: bool) -> Iterator[Step]:
    mean_rr = 60 / between_knots("fibrillation_bpm", age_days)[0]
    until_next = 5
    while True:
        rr = mean_rr * float(np.clip(np.exp(rng.normal(-0.03, 0.24)), 0.62, 1.75))
        if premature and until_next == 0:
            yield BeatKind.FIBRILLATION, 0.62 * mean_rr, mean_rr
            yield BeatKind.VENTRICULAR_PREMATURE, 1.45 * mean_rr, mean_rr
            until_next = int(rng.integers(5, 9))
            continue
        yield BeatKind.FIBRILLATION, rr, rr
        until_next -= 1
