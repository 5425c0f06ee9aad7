"""Electrodes that look exchanged: what each exchange makes of the leads, told where healthy hearts do not do the same.

An exchange of left arm and left leg turns I into II and III upside down; no criterion tells it from a healthy heart in
more than half of recordings without accusing one in ten, so it is not looked for. An exchange of both legs changes
nothing. Chosen on folds 1-8 of PTB-XL (1,500 recordings, each exchange made by hand): found / said of untouched ones:
right arm and left leg 62 % / 0; a leg electrode on an arm: lead under a tenth of the others, 0 of 1,500; chest
electrodes two apart or more mostly, neighbours in the middle of the chest about a third, 0.2 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import LIMB, PRECORDIAL
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.heartbeats import TypicalBeat
from peace_model.words import mark

_CLEAR_P_MV = 0.025
_FAINT_P_MV = 0.01
_CLEAR_T_MV = 0.04
_NEARLY_FLAT = 0.10
"""Size of one of I, II and III against the largest: a heart never makes it so small, two electrodes on the legs do."""
_SMOOTHER = 0.72
"""How much shorter the way from V1 to V6 must become by exchanging two leads."""


@dataclass(frozen=True)
class Exchange:
    """One exchange that the signal suggests: the leads it touches, and the English sentence with named fields."""

    leads: tuple[str, ...]
    template: str
    values: tuple[tuple[str, str], ...] = ()


def limb_exchange(recording: Recording, beat: TypicalBeat | None) -> Exchange | None:
    """The exchange of limb electrodes that the signal suggests; None where none does or nothing can be told."""
    if beat is None or not {"I", "II"} <= set(recording.leads):
        return None
    flat = _nearly_flat(recording, beat)
    if flat is not None:
        return _beside_a_leg(flat)
    if _right_arm_inverted(recording, beat, "II"):
        return Exchange(LIMB, mark("Right arm and left leg electrodes look exchanged: lead II is inverted as a whole, "
                                   "the left chest upright."))
    if _right_arm_inverted(recording, beat, "I"):
        return Exchange(LIMB, mark("Right and left arm electrodes look exchanged: P in lead I is inverted, in the left "
                                   "chest upright."))
    return None


def chest_exchange(recording: Recording, beat: TypicalBeat | None, unsound: Sequence[str]) -> Exchange | None:
    """Two chest leads that would lie more smoothly in each other's place; None with any of the six missing."""
    if beat is None or any(lead not in recording.leads or lead in unsound for lead in PRECORDIAL):
        return None
    rows = [recording.leads.index(lead) for lead in PRECORDIAL]
    waves = beat.signal_mv[rows, beat.qrs[0]:]
    way = _way(waves)
    best, pair = 1.0, (0, 1)
    for first, second in combinations(range(len(rows)), 2):
        order = list(range(len(rows)))
        order[first], order[second] = second, first
        shorter = _way(waves[order]) / way if way > 0 else 1.0
        if shorter < best:
            best, pair = shorter, (first, second)
    if best > _SMOOTHER:
        return None
    leads = (PRECORDIAL[pair[0]], PRECORDIAL[pair[1]])
    return Exchange(leads, mark("{leads} look exchanged: in each other's place QRS and T change smoothly over the "
                                "chest."), (("leads", ", ".join(leads)),))


def _beside_a_leg(flat: str) -> Exchange:
    """An electrode of lead `flat` sits on a leg, beside the other one."""
    who = {"I": mark("both arm electrodes look exchanged for the leg electrodes"),
           "II": mark("the right arm electrode looks exchanged for the right leg's"),
           "III": mark("the left arm electrode looks exchanged for the right leg's")}[flat]
    return Exchange(LIMB, mark("Lead {lead} is nearly flat beside the other limb leads: {who}."),
                    (("lead", flat), ("who", who)))


def _way(waves: NDArray[np.float64]) -> float:
    """Length of the way from the first row to the last."""
    return float(np.sqrt((np.diff(waves, axis=0) ** 2).sum(axis=1)).sum())


def _nearly_flat(recording: Recording, beat: TypicalBeat) -> str | None:
    one, two = (beat.signal_mv[recording.leads.index(lead)] for lead in ("I", "II"))
    sizes = {lead: float(np.std(wave)) for lead, wave in (("I", one), ("II", two), ("III", two - one))}
    smallest = min(sizes, key=lambda lead: sizes[lead])
    return smallest if sizes[smallest] < _NEARLY_FLAT * max(sizes.values()) else None


def _right_arm_inverted(recording: Recording, beat: TypicalBeat, lead: str) -> bool:
    """Whether lead I (arms) or II (right arm and left leg) stands on its head and the left chest does not.

    Told by the P wave first, which points left and down in sinus rhythm at every age, also where right dominance turns
    the QRS of lead I downward. For the arms: either P is clearly negative in I, not clearly in aVR, and positive in V6
    (or V5), and QRS or T agrees; or P is faintly so, and both QRS and T of lead I are inverted against V6. Rhythms from
    the low atrium invert P in II alone, so that there QRS and T must agree. In dextrocardia and in rhythms from the
    left atrium the left chest is inverted too, and nothing is said.
    """
    lateral = next((name for name in ("V6", "V5") if name in recording.leads), None)
    if lateral is None:
        return False
    one, two, side = (beat.signal_mv[recording.leads.index(name)] for name in ("I", "II", lateral))
    waves = np.vstack((one, two, side, -(one + two) / 2))
    own, left, right = 0 if lead == "I" else 1, 2, 3
    p = _p_wave(waves, beat)
    t = _t_wave(waves, beat)
    qrs = waves[:, beat.qrs[0]:beat.qrs[1] + 1].sum(axis=1)
    if p is None or t is None:
        return False
    t_inverted = t[own] < -_CLEAR_T_MV and t[left] > _CLEAR_T_MV
    qrs_inverted = qrs[own] < 0 < qrs[left]
    if lead == "II" and p[1] - p[0] / 2 > 0:
        return False  # P upright in aVF: with exchanged arms lead II is the old III, which may be inverted as well.
    if p[own] < -_FAINT_P_MV and p[left] > _FAINT_P_MV and t_inverted and qrs_inverted:
        return True
    p_clear = p[own] < -_CLEAR_P_MV and p[left] > _CLEAR_P_MV / 2 and p[right] > -_CLEAR_P_MV
    t_contradicts = t[own] > _CLEAR_T_MV
    return bool(lead == "I" and p_clear and not t_contradicts and (t_inverted or qrs_inverted))


def _p_wave(waves: NDArray[np.float64], beat: TypicalBeat) -> NDArray[np.float64] | None:
    """Height of P in each row, mV, at the instant where it is largest in all of them; None where there is no room."""
    start = max(0, beat.r - round(min(0.26, 0.42 * beat.rr_s) * beat.fs_hz))
    stop = beat.qrs[0]
    return _wave(waves, start, stop, round(0.012 * beat.fs_hz)) if stop - start > 0.06 * beat.fs_hz else None


def _t_wave(waves: NDArray[np.float64], beat: TypicalBeat) -> NDArray[np.float64] | None:
    start = beat.qrs[1] + round(0.06 * beat.fs_hz)
    stop = waves.shape[1]
    if stop - start < 0.08 * beat.fs_hz:
        return None
    return _at_largest(waves[:, start:stop], round(0.02 * beat.fs_hz))


def _wave(waves: NDArray[np.float64], start: int, stop: int, half_width: int) -> NDArray[np.float64]:
    """Like _at_largest, over the line from the window's first to its last samples: P rides on the slope of T."""
    window = waves[:, start:stop]
    line = np.linspace(0.0, 1.0, window.shape[1])
    ends = max(1, half_width // 2)
    first, last = window[:, :ends].mean(axis=1, keepdims=True), window[:, -ends:].mean(axis=1, keepdims=True)
    return _at_largest(window - first - (last - first) * line, half_width)


def _at_largest(window: NDArray[np.float64], half_width: int) -> NDArray[np.float64]:
    instant = int(np.argmax((window ** 2).sum(axis=0)))
    around = window[:, max(0, instant - half_width):instant + half_width + 1]
    return np.asarray(around.mean(axis=1), dtype=np.float64)
