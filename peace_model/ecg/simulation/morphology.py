"""The shape of one heart's beat: P, QRS and T loops with their durations."""

from dataclasses import dataclass

import numpy as np

from peace_model.ecg.leads import AVF_GAIN, frontal_angle_deg
from peace_model.ecg.simulation.age_parameters import (
    Vitals,
    assumptions,
    fitted,
    leads_of_torso,
    qrs_vectors,
    t_vector,
)
from peace_model.ecg.simulation.leadfield import DOWER, limb_row
from peace_model.ecg.simulation.waves import Array, Loop, fractions, loop, turned

SEPTAL, TERMINAL = 0, 4
"""Which of the fitted bells begin and end the QRS."""
_RIGHT_DOMINANT_UNTIL_DAYS = 60
T_PEAK = 0.64
"""Where the T loop peaks in its duration: it climbs slowly and falls faster."""


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of beat. p is None where no P wave precedes the QRS.

    st_mv: float64 (3,), level held between the end of QRS and the T wave; zero in a healthy heart.
    t_share: duration of the T wave as a part of the QT interval.
    """

    p: Loop | None
    p_ms: float
    pr_ms: float
    qrs: Loop
    qrs_ms: float
    t: Loop
    qtc_ms: float
    st_mv: Array
    t_share: float = 0.64


def signal_in(lead: str, wave: Loop) -> Array:
    """One lead's samples (200,) over a wave."""
    row: Array = limb_row(lead, leads_of_torso()) @ wave.at(fractions())
    return row


def axis_deg(qrs: Loop) -> float:
    """Frontal axis from the net areas in I and aVF, -180 to 180."""
    return frontal_angle_deg(one=float(signal_in("I", qrs).sum()), avf=float(signal_in("aVF", qrs).sum()))


def with_axis(qrs: Loop, wanted_deg: float, *, still: tuple[int, ...] = ()) -> Loop:
    """Turn the loop in the frontal plane until its axis is the wanted one; the bells named in `still` stay as they are.

    With n the lead vector at right angles to the wanted axis, n . (area turned by a) = 0 is p cos a + q sin a + r = 0.
    Raises ValueError when no turn gives that axis.
    """
    wanted = np.radians(wanted_deg)
    one, avf = (limb_row(lead, leads_of_torso()) for lead in ("I", "aVF"))
    across = np.sin(wanted) * one - np.cos(wanted) * AVF_GAIN * avf
    area = (0.5 * (qrs.before + qrs.after))[:, None] * qrs.vectors_mv
    moves = ~np.isin(np.arange(len(area)), still)
    moving, fixed = area[moves].sum(axis=0), area[~moves].sum(axis=0)
    p = across[0] * moving[0] + across[1] * moving[1]
    q = across[1] * moving[0] - across[0] * moving[1]
    r = across[2] * moving[2] + across @ fixed
    if abs(r) > np.hypot(p, q):
        raise ValueError(f"this loop cannot be turned to an axis of {wanted_deg:.0f} degrees")
    turns = np.arctan2(q, p) + np.array([1, -1]) * np.arccos(-r / np.hypot(p, q))
    loops = [qrs.with_vectors(np.where(moves[:, None], turned(qrs.vectors_mv, turn), qrs.vectors_mv)) for turn in turns]
    return min(loops, key=lambda candidate: abs(_angle_between(axis_deg(candidate), wanted_deg)))


def _angle_between(first_deg: float, second_deg: float) -> float:
    return (first_deg - second_deg + 180) % 360 - 180


def largest_step_mv(qrs: Loop) -> tuple[float, float]:
    """Largest peak-to-peak of the QRS in any limb lead and in any precordial lead, mV."""
    def span(lead: str) -> float:
        signal = signal_in(lead, qrs)
        return max(float(signal.max()), 0.0) - min(float(signal.min()), 0.0)

    return (max(span(lead) for lead in ("I", "II", "III", "aVR", "aVL", "aVF")),
            max(span(lead) for lead in DOWER if lead.startswith("V")))


def right_dominant(age_days: int) -> bool:
    """In the newborn the terminal vector is the large right ventricle itself and turns with the axis."""
    return age_days < _RIGHT_DOMINANT_UNTIL_DAYS


def healthy_qrs(age_days: int, wanted_axis_deg: float, rng: np.random.Generator) -> Loop:
    """The age's median loop, made one child's: its own size, small notches, its own axis."""
    vectors = qrs_vectors(age_days) * np.exp(rng.normal(0, 0.06, (1, 3))) * np.exp(rng.normal(0, 0.04))
    vectors = vectors + rng.normal(0, 0.015, vectors.shape)
    bells = [(c, w, w, v) for (c, w), v in zip(fitted()["bells"], vectors, strict=True)]
    for centre in rng.uniform(0.25, 0.78, 3):
        width = rng.uniform(0.06, 0.11)
        bells.append((centre, width, width, rng.normal(0, 0.035, 3)))
    return with_axis(loop(*bells), wanted_axis_deg, still=() if right_dominant(age_days) else (SEPTAL, TERMINAL))


def p_loop(p_ii_mv: float) -> Loop:
    """Right atrium, then left atrium, scaled to the amplitude asked in lead II."""
    assumed = assumptions()["p_vectors_mv"]
    whole = loop((0.38, 0.38, 0.36, tuple(assumed["right"])), (0.62, 0.36, 0.38, tuple(assumed["left"])))
    return whole.scaled(p_ii_mv / float(signal_in("II", whole).max()))


def t_loop(vector_mv: Array) -> Loop:
    """A T wave that grows out of the ST segment slowly and falls faster; its early part leans forward a little."""
    lean = 0.10 * float(np.linalg.norm(vector_mv)) * np.array([0.0, 0.3, -1.0])
    return loop((T_PEAK, T_PEAK, 1 - T_PEAK, 0.50 * vector_mv), (T_PEAK, 0.40, 0.30, 0.50 * vector_mv),
                (T_PEAK - 0.16, 0.34, 0.32, lean), (T_PEAK + 0.10, 0.34, 0.24, -lean))


def t_peak_mv(t: Loop) -> Array:
    """The vector (3,) that a T loop was made from."""
    peak: Array = t.vectors_mv[0] + t.vectors_mv[1]
    return peak


def healthy_shape(age_days: int, heart: Vitals, rng: np.random.Generator) -> Shape:
    """The beat of a healthy heart."""
    size = np.exp(rng.normal(0, 0.1))
    return Shape(p=p_loop(heart.p_ii_mv), p_ms=min(heart.p_ms, heart.pr_ms - 8), pr_ms=heart.pr_ms,
                 qrs=healthy_qrs(age_days, heart.axis_deg, rng), qrs_ms=heart.qrs_ms,
                 t=t_loop(t_vector(age_days) * size), qtc_ms=heart.qtc_ms, st_mv=np.zeros(3))
