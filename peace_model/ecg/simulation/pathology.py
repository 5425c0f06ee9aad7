"""What each pathology does to a healthy beat, in measurable terms.

Criteria: voltages above the 98th percentile for age (Rijnbeek 2001) for hypertrophy; AHA/ACCF/HRS 2009 part III for
conduction (QRS over 90, 100, 110 ms under 4, under 16 years and in adults; left anterior fascicular block between -45
and -90 degrees); part V for atrial enlargement. Order matters: voltages first, then conduction, then intervals.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from peace_model.ecg.recording import Sex
from peace_model.ecg.simulation.age_parameters import block_limit_ms, limits_for, upper_amplitude_mv
from peace_model.ecg.simulation.morphology import (
    TERMINAL,
    Shape,
    axis_deg,
    largest_step_mv,
    p_loop,
    right_dominant,
    signal_in,
    t_loop,
    t_peak_mv,
    with_axis,
)
from peace_model.ecg.simulation.spec import Pathology
from peace_model.ecg.simulation.waves import Array, Loop, loop

_TO_THE_RIGHT_FRONT = np.array([-0.35, 0.15, -0.85])
_TO_THE_RIGHT = np.array([-1.0, 0.0, 0.10])
_TO_THE_LEFT_BACK = np.array([0.60, 0.12, 0.75])
_TERMINAL_RIGHT_FRONT = np.array([-0.55, 0.02, -0.70])
_DELTA = np.array([0.55, 0.30, -0.30])
_LOW_LIMB_MV, _LOW_PRECORDIAL_MV = 0.42, 0.85
_SEPTAL_SHARE = 0.3
_FARTHEST_RIGHT_DEG = 135
"""A newborn's healthy axis reaches this far and further; there voltage, not axis, tells the hypertrophy."""
_LARGEST_BELL_MV = 8.0
_LONG_QTC_MS = (500.0, 545.0)

Change = Callable[[Shape, int, Sex, np.random.Generator], Shape]


def r_mv(lead: str, qrs: Loop) -> float:
    """Largest positive deflection in a lead."""
    return float(signal_in(lead, qrs).max())


def s_mv(lead: str, qrs: Loop) -> float:
    """Depth of the largest negative deflection once the septal part of the QRS is over."""
    signal = signal_in(lead, qrs)
    return float(-signal[int(_SEPTAL_SHARE * len(signal)):].min())


def _grown(qrs: Loop, vector: Array, centre: float, enough: Callable[[Loop], bool]) -> Loop:
    """The loop with a bell along `vector`, as small as makes `enough` true. ValueError if the largest does not."""
    low, high = 0.0, 0.25

    def with_bell(size: float) -> Loop:
        return qrs.plus(loop((centre, 0.24, 0.24, size * vector)))

    while not enough(with_bell(high)):
        low, high = high, 2 * high
        if high > _LARGEST_BELL_MV:
            raise ValueError("no plausible growth of the loop reaches the criterion")
    for _ in range(24):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if enough(with_bell(middle)) else (middle, high)
    return with_bell(high)


def _rvh(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    upper_axis = limits_for("qrs_axis", age_days=age_days, sex=sex)[2]
    wanted_axis = min(upper_axis + rng.uniform(6, 16), _FARTHEST_RIGHT_DEG)
    wanted_r = rng.uniform(1.12, 1.3) * upper_amplitude_mv("R", "V1", age_days=age_days, sex=sex)
    qrs = shape.qrs.with_vectors(0.85 * shape.qrs.vectors_mv)
    qrs = _grown(qrs, _TO_THE_RIGHT_FRONT, 0.44, lambda q: r_mv("V1", q) >= wanted_r)
    qrs = _grown(qrs, _TO_THE_RIGHT, 0.66, lambda q: (axis_deg(q) - wanted_axis) % 360 < 150)
    return replace(shape, qrs=qrs, t=t_loop(np.array([0.16, 0.18, -0.22])))


def _lvh(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    wanted_r = rng.uniform(1.06, 1.2) * upper_amplitude_mv("R", "V6", age_days=age_days, sex=sex)
    wanted_s = 1.04 * upper_amplitude_mv("S", "V1", age_days=age_days, sex=sex)
    qrs = _grown(shape.qrs, _TO_THE_LEFT_BACK, 0.54,
                 lambda q: r_mv("V6", q) >= wanted_r and s_mv("V1", q) >= wanted_s)
    return replace(shape, qrs=qrs)


def _rae(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    upper = upper_amplitude_mv("P", "II", age_days=age_days, sex=sex)
    wanted = max(0.29, 1.2 * upper) * rng.uniform(1.0, 1.15)
    peaked = loop((0.42, 0.40, 0.40, (0.05, 0.20, -0.13)), (0.66, 0.34, 0.34, (0.05, 0.03, 0.03)))
    return replace(shape, p=peaked.scaled(wanted / float(signal_in("II", peaked).max())))


def _lae(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    upper = limits_for("p_duration", age_days=age_days, sex=sex)[2]
    p_ms = upper * rng.uniform(1.04, 1.10)
    height = 1.0 if shape.p is None else float(signal_in("II", shape.p).max()) / 0.13
    notched = loop((0.30, 0.30, 0.34, (0.04, 0.10, -0.09)), (0.69, 0.34, 0.31, (0.11, 0.10, 0.17)))
    # An atrium is done before its ventricle begins, even where the wide P uses up the whole PR interval.
    return replace(shape, p=notched.scaled(height), p_ms=p_ms, pr_ms=max(shape.pr_ms, p_ms + 3))


def _without_end(qrs: Loop, *, keep: float) -> Loop:
    """The loop with its last bells made smaller: what the blocked side activates late is drawn anew."""
    return qrs.with_vectors(qrs.vectors_mv * np.where(qrs.centre > 0.8, keep, 1.0)[:, None])


def _irbbb(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    limit = block_limit_ms(age_days)
    qrs_ms = min(max(1.12 * shape.qrs_ms, 0.86 * limit), 0.95 * limit)
    early = _without_end(shape.qrs, keep=0.6).squeezed(0.0, 0.80)
    first_r = r_mv("V1", early)
    tail = loop((0.84, 0.15, 0.16, _TERMINAL_RIGHT_FRONT))
    size = max(0.28, 0.55 * first_r) / float(signal_in("V1", tail).max())
    return replace(shape, qrs=early.plus(tail.scaled(size)), qrs_ms=qrs_ms)


def _crbbb(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    qrs_ms = block_limit_ms(age_days) * rng.uniform(1.25, 1.38)
    early = _without_end(shape.qrs, keep=0.3).squeezed(0.0, min(0.66, shape.qrs_ms / qrs_ms))
    tail = loop((0.70, 0.20, 0.26, _TERMINAL_RIGHT_FRONT), (0.84, 0.20, 0.16, 0.45 * _TERMINAL_RIGHT_FRONT))
    size = max(0.8, 1.15 * r_mv("V1", early)) / float(signal_in("V1", tail).max())
    t = t_peak_mv(shape.t) * np.array([1.0, 1.0, 0.5]) + np.array([0.06, 0.0, 0.12])
    return replace(shape, qrs=early.plus(tail.scaled(size)), qrs_ms=qrs_ms, t=t_loop(t),
                   qtc_ms=shape.qtc_ms + 0.5 * (qrs_ms - shape.qrs_ms))


def _lafb(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    vectors = shape.qrs.vectors_mv.copy()
    vectors[:, :2] *= 0.85
    newborn = right_dominant(age_days)
    if newborn:
        # The large right ventricle's late rightward forces would hide the block: with it goes left dominance.
        vectors[TERMINAL - 1:TERMINAL + 1, 0] *= 0.2
        vectors[TERMINAL - 2, 0] += 0.4
    vectors[TERMINAL, :2] *= 0.5
    rest = shape.qrs.with_vectors(vectors).squeezed(0.06, 1.0)
    first = loop((0.15, 0.15, 0.19, (0.6 if newborn else 1.0) * np.array([-0.26, 0.24, -0.22])))
    return replace(shape, qrs=with_axis(first.plus(rest), rng.uniform(-68, -52), still=(0, 1 + TERMINAL)))


def _wpw(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    low_pr = limits_for("pr_interval", age_days=age_days, sex=sex)[0]
    pr_ms = min(0.84 * low_pr, shape.pr_ms - 30)
    delta_ms = min(shape.pr_ms - pr_ms + 8, 48.0)
    qrs_ms = shape.qrs_ms + 0.8 * delta_ms
    start = 0.55 * delta_ms / qrs_ms
    vectors = shape.qrs.vectors_mv * 0.8
    late = shape.qrs.with_vectors(vectors).squeezed(start, 1.0)
    delta = loop((1.25 * delta_ms / qrs_ms, 1.25 * delta_ms / qrs_ms, 0.28, 1.1 * _DELTA))
    p_ms = min(shape.p_ms, pr_ms - 2)
    repolarisation = t_peak_mv(shape.t)
    t = repolarisation - 0.45 * _DELTA * float(np.linalg.norm(repolarisation))
    return replace(shape, pr_ms=pr_ms, p_ms=p_ms, qrs=delta.plus(late), qrs_ms=qrs_ms, t=t_loop(t))


def _long_qt(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    return replace(shape, qtc_ms=rng.uniform(*_LONG_QTC_MS), t_share=0.52)


def _low_voltage(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    limb, precordial = largest_step_mv(shape.qrs)
    factor = min(_LOW_LIMB_MV / limb, _LOW_PRECORDIAL_MV / precordial, 1.0)
    return replace(shape, qrs=shape.qrs.scaled(factor), t=shape.t.scaled(max(0.4, factor)))


def _stt(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    depth = rng.uniform(1.0, 1.3)
    return replace(shape, st_mv=depth * np.array([-0.13, -0.11, 0.0]), t=t_loop(np.array([-0.22, -0.17, 0.02])))


def _first_degree(shape: Shape, age_days: int, sex: Sex, rng: np.random.Generator) -> Shape:
    upper = limits_for("pr_interval", age_days=age_days, sex=sex)[2]
    return replace(shape, pr_ms=upper * rng.uniform(1.15, 1.35))


_P = Pathology
CHANGES: tuple[tuple[Pathology, Change], ...] = (
    (_P.RVH, _rvh), (_P.LVH, _lvh), (_P.LOW_VOLTAGE, _low_voltage), (_P.LAFB, _lafb), (_P.WPW, _wpw),
    (_P.IRBBB, _irbbb), (_P.CRBBB, _crbbb), (_P.RAE, _rae), (_P.LAE, _lae), (_P.LONG_QT, _long_qt),
    (_P.STT_CHANGE, _stt), (_P.FIRST_DEGREE_AV_BLOCK, _first_degree),
)
"""In the order in which they are applied; rhythm disorders (PAC, PVC, SVT, atrial fibrillation) are in `rhythm`."""


def with_pathologies(shape: Shape, pathologies: frozenset[Pathology], *, age_days: int, sex: Sex,
                     rng: np.random.Generator) -> Shape:
    """The beat with every morphological pathology asked."""
    for pathology, change in CHANGES:
        if pathology in pathologies:
            shape = change(shape, age_days, sex, rng)
    return shape


def ectopic_p(p_ii_mv: float) -> Loop:
    """A premature atrial beat's P: flatter, from elsewhere in the atrium."""
    p = p_loop(p_ii_mv)
    return p.with_vectors(p.vectors_mv * np.array([0.8, -0.7, 0.9]))


def ventricular(shape: Shape, age_days: int, rng: np.random.Generator) -> Shape:
    """A premature ventricular beat: wide, no P, its T opposite to its QRS."""
    size = 0.95 * largest_step_mv(shape.qrs)[0]
    left = 1.0 if rng.uniform() < 0.5 else -1.0
    main = size * np.array([0.75 * left, 0.9, 0.9 * left])
    qrs = loop((0.22, 0.22, 0.26, 0.35 * main), (0.45, 0.33, 0.33, main), (0.74, 0.28, 0.26, 0.3 * main))
    qrs_ms = max(1.65 * shape.qrs_ms, 1.2 * block_limit_ms(age_days))
    return Shape(p=None, p_ms=0, pr_ms=0, qrs=qrs, qrs_ms=qrs_ms, t=t_loop(-0.38 * main),
                 qtc_ms=shape.qtc_ms + 0.6 * (qrs_ms - shape.qrs_ms), st_mv=-0.06 * main, t_share=0.68)
