"""One recording edited by a known amount, beat by beat: rate, intervals, axis, right precordial forces, T, voltage.

An edit moves the boundaries of waves or scales the waves between them; everything else of the heart stays as it was.
The recording is simulated from then on.
"""

import math
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from peace_model.ecg.leads import AVF_GAIN, LIMB, LIMB_FROM_I_AND_II, STANDARD_12
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.recording import Recording, Source, roles_of

Signal = NDArray[np.float32]

LEAST_REST_S = 0.02
"""A beat whose T wave would end nearer to the next P wave than this cannot be edited: waves would be cut."""
_TAPER_S = 0.03
_INVERTED = ("V1", "V2", "V3")
_PRECORDIAL = tuple(STANDARD_12.index(f"V{number}") for number in range(1, 7))

TOUCHED = {
    "rr": ("SBRAD", "STACH", "SARRH"), "pr": ("1AVB", "WPW"), "qrs": ("IRBBB", "CRBBB", "CLBBB", "WPW"),
    "qt": ("LQTS",), "rotation_deg": ("LAFB", "LPFB", "RVH"), "right_precordial": ("IRBBB", "CRBBB", "LVH", "RVH"),
    "t_inversion": ("STTC", "TAB_"), "voltage": ("LVH", "RVH", "LVOLT"),
}
"""Labels that an edit makes unknown: the reader of the adult recording did not see what it looks like now."""


class NotEditable(Exception):
    """A recording that cannot be edited by this amount; str() is the reason, in the same words each time."""


@dataclass(frozen=True)
class Shift:
    """An edit. rr, pr, qrs, qt: factors on every beat's durations. rotation_deg: the QRS turned in the frontal plane
    towards the feet (positive). right_precordial: 0 to 1, the QRS of V1-V6 mixed with its mirror image (V1 with V6).
    t_inversion: 0 to 1, T in V1-V3 times 1 - 2 t_inversion. voltage: a factor on all leads.
    """

    rr: float = 1.0
    pr: float = 1.0
    qrs: float = 1.0
    qt: float = 1.0
    rotation_deg: float = 0.0
    right_precordial: float = 0.0
    t_inversion: float = 0.0
    voltage: float = 1.0

    def __post_init__(self) -> None:
        if min(self.rr, self.pr, self.qrs, self.qt, self.voltage) <= 0:
            raise ValueError("factors must be above 0")
        if not (0 <= self.right_precordial <= 1 and 0 <= self.t_inversion <= 1):
            raise ValueError("right_precordial and t_inversion must be between 0 and 1")

    @property
    def changed(self) -> tuple[str, ...]:
        """Which of its amounts differ from no edit."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) != field.default)

    @property
    def touched_labels(self) -> frozenset[str]:
        return frozenset(label for name in self.changed for label in TOUCHED[name])

    def part(self, *names: str) -> "Shift":
        """This edit with only some of its amounts."""
        return Shift(**{name: getattr(self, name) for name in names})


@dataclass(frozen=True, eq=False)
class Beats:
    """Where the beats are: r float64 (n,) samples, rising; the typical beat's boundaries, in samples from its r."""

    r: NDArray[np.float64]
    p_on: float
    qrs_on: float
    qrs_off: float
    t_off: float


@dataclass(frozen=True, eq=False)
class Edited:
    """signal_mv float32 (12, n'), n' = the samples there are now, and each beat's boundaries in it (n, 4): P onset,
    QRS onset, QRS offset, T offset."""

    signal_mv: Signal
    boundaries: NDArray[np.float64]


def find_beats(signal_mv: Signal, fs_hz: float) -> Beats:
    """The beats of a 12-lead recording (12, n). Raises NotEditable unless all are of one kind with P, QRS and T."""
    found = delineate(Recording(
        signal_mv=signal_mv.copy(), fs_hz=fs_hz, leads=STANDARD_12, roles=roles_of(STANDARD_12), age=None, sex=None,
        recorded_at=None, patient_key="", source=Source(Path("window"), "store", "", ())))
    if found.median is None or len(found.r_samples) < 3:
        raise NotEditable("fewer than three beats")
    if len(found.groups) > 1:
        raise NotEditable("beats of more than one kind")
    marks, r = found.median.marks.overall, found.median.r
    if marks.p_on is None or marks.qrs_on is None or marks.qrs_off is None or marks.t_off is None:
        raise NotEditable("no P wave, QRS or T wave with boundaries")
    return Beats(found.r_samples.astype(np.float64), marks.p_on - r, marks.qrs_on - r, marks.qrs_off - r,
                 marks.t_off - r)


def edit(signal_mv: Signal, fs_hz: float, beats: Beats, shift: Shift) -> Edited:
    """The recording (12, n) edited; no edit gives the very samples back. Raises NotEditable when waves would be cut."""
    boundaries = _boundaries(beats)
    signal = signal_mv.astype(np.float64)
    if shift.rotation_deg:
        signal = _rotated(signal, _weight(signal.shape[1], boundaries[:, 1], boundaries[:, 2], fs_hz),
                          shift.rotation_deg)
    if shift.right_precordial:
        weight = shift.right_precordial * _weight(signal.shape[1], boundaries[:, 1], boundaries[:, 2], fs_hz)
        rows = signal[list(_PRECORDIAL)]
        signal[list(_PRECORDIAL)] = (1 - weight) * rows + weight * rows[::-1]
    if shift.t_inversion:
        signal = _t_inverted(signal, boundaries, fs_hz, shift.t_inversion)
    if shift.voltage != 1:
        signal = signal * shift.voltage
    if (shift.rr, shift.pr, shift.qrs, shift.qt) != (1, 1, 1, 1):
        signal, boundaries = _retimed(signal, boundaries, fs_hz, shift)
    return Edited(signal.astype(np.float32), boundaries)


def _boundaries(beats: Beats) -> NDArray[np.float64]:
    marks = beats.r[:, None] + np.array([beats.p_on, beats.qrs_on, beats.qrs_off, beats.t_off])
    if (np.diff(marks, axis=1) <= 0).any() or (marks[1:, 0] <= marks[:-1, 3]).any():
        raise NotEditable("a T wave runs into the next P wave")
    return marks


def _weight(
    count: int, starts: NDArray[np.float64], stops: NDArray[np.float64], fs_hz: float
) -> NDArray[np.float64]:
    """(count,): 1 between each start and stop, falling to 0 within 30 ms outside as half a cosine."""
    at = np.arange(count)[:, None]
    outside = np.maximum(np.maximum(starts - at, at - stops), 0).min(axis=1) / (_TAPER_S * fs_hz)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.minimum(outside, 1)))


def _rotated(signal: NDArray[np.float64], weight: NDArray[np.float64], angle_deg: float) -> NDArray[np.float64]:
    """The frontal vector of I and aVF turned where weight is 1; all limb leads computed anew from I and II."""
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    one, two = signal[0], signal[1]
    foot = AVF_GAIN * (two - one / 2)
    turned_one = one + weight * (cos * one - sin * foot - one)
    turned_foot = foot + weight * (sin * one + cos * foot - foot)
    turned_two = turned_foot / AVF_GAIN + turned_one / 2
    result = signal.copy()
    result[0], result[1] = turned_one, turned_two
    for name in LIMB[2:]:
        of_one, of_two = LIMB_FROM_I_AND_II[name]
        result[STANDARD_12.index(name)] = of_one * turned_one + of_two * turned_two
    return result


def _t_inverted(
    signal: NDArray[np.float64], boundaries: NDArray[np.float64], fs_hz: float, amount: float
) -> NDArray[np.float64]:
    """Each beat's T turned over about the level just before its QRS."""
    result = signal.copy()
    for lead in (STANDARD_12.index(name) for name in _INVERTED):
        for _, qrs_on, qrs_off, t_off in boundaries:
            weight = _weight(signal.shape[1], np.array([qrs_off + _TAPER_S * fs_hz]), np.array([t_off]), fs_hz)
            level = signal[lead, min(max(round(qrs_on), 0), signal.shape[1] - 1)]
            result[lead] -= 2 * amount * weight * (signal[lead] - level)
    return result


def _retimed(
    signal: NDArray[np.float64], old: NDArray[np.float64], fs_hz: float, shift: Shift
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Every beat's boundaries moved by the factors; between them time is stretched evenly."""
    qrs_on = old[:, 1] * shift.rr
    new = np.stack([
        qrs_on - shift.pr * (old[:, 1] - old[:, 0]), qrs_on, qrs_on + shift.qrs * (old[:, 2] - old[:, 1]),
        qrs_on + shift.qt * (old[:, 3] - old[:, 1])], axis=1)
    least = LEAST_REST_S * fs_hz
    if (new[1:, 0] - new[:-1, 3] < least).any():
        raise NotEditable("T would run into the next P wave")
    if (new[:, 3] - new[:, 2] < least).any():
        raise NotEditable("nothing would be left between QRS and the end of T")
    last = signal.shape[1] - 1
    far = float(signal.shape[1])
    sources = np.concatenate(([old[0, 0] - far], old.ravel(), [old[-1, 3] + far]))
    targets = np.concatenate(([new[0, 0] - far * shift.rr], new.ravel(), [new[-1, 3] + far * shift.rr]))
    first, end = np.interp([0, last], sources, targets)
    positions = np.interp(np.arange(int(end - first) + 1) + first, targets, sources)
    moved = CubicSpline(np.arange(signal.shape[1]), signal, axis=1)(np.clip(positions, 0, last))
    return np.asarray(moved), new - float(first)
