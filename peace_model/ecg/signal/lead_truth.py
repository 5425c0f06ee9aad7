"""Whether the leads are what their names say: repeated leads, broken limb-lead algebra, exchanged arm electrodes.

Small children's chests have no room for six electrodes, and some recorders then repeat a lead (V2 = V1); the algebra of
Einthoven and Goldberger must hold among leads computed from three electrodes.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import LIMB, LIMB_FROM_I_AND_II
from peace_model.ecg.recording import LeadRole, Recording, RoleKind
from peace_model.ecg.signal.heartbeats import FLAT_MV, TypicalBeat

_SAME = 0.02
"""Two leads repeat each other when their difference is under this fraction of either, as an RMS. Neighbouring
electrodes never come so near: their noise alone differs by more."""
_ALGEBRA_FRACTION = 0.20
_ALGEBRA_MV = 0.05
_CLEAR_P_MV = 0.025
_FAINT_P_MV = 0.01
_CLEAR_T_MV = 0.04


def flat_leads(recording: Recording) -> tuple[str, ...]:
    """Leads whose samples never move by more than 0.02 mV (all-zero leads among them); empty leads are not flat."""
    found = []
    for lead, row in zip(recording.leads, recording.signal_mv, strict=True):
        values = row[np.isfinite(row)]
        if len(values) and float(values.max() - values.min()) < FLAT_MV:
            found.append(lead)
    return tuple(found)


def duplicate_leads(recording: Recording) -> dict[str, str]:
    """Each lead that repeats another one, with the one it repeats (the earlier of both)."""
    flat = set(flat_leads(recording))
    # With I, II or III flat two limb leads are equal by algebra: their electrode fell off, nothing was repeated.
    limb_is_degenerate = bool(flat & {"I", "II", "III"})
    judged = [row for row, lead in enumerate(recording.leads)
              if lead not in flat and not (limb_is_degenerate and lead in LIMB)]
    same = _same(recording.signal_mv[judged])
    repeated: dict[str, str] = {}
    for position, row in enumerate(judged):
        earlier = [recording.leads[judged[other]] for other in np.flatnonzero(same[position, :position])]
        original = next((lead for lead in earlier if lead not in repeated), None)
        if original is not None:
            repeated[recording.leads[row]] = original
    return repeated


def with_seen_roles(recording: Recording) -> Recording:
    """The same recording with the role of every repeated lead set to "duplicate of" its original."""
    repeated = duplicate_leads(recording)
    if not repeated:
        return recording
    roles = tuple(
        LeadRole(role.lead, RoleKind.DUPLICATE, repeated[role.lead])
        if role.lead in repeated and role.kind is RoleKind.RECORDED else role for role in recording.roles)
    return replace(recording, roles=roles)


def broken_limb_leads(recording: Recording) -> tuple[str, ...]:
    """Limb leads that are not what I and II make of them by more than 0.05 mV and a fifth of their size (RMS)."""
    if not {"I", "II"} <= set(recording.leads):
        return ()
    first, second = (recording.lead(name).astype(np.float64) for name in ("I", "II"))
    broken = []
    for lead, (of_first, of_second) in LIMB_FROM_I_AND_II.items():
        if lead not in recording.leads:
            continue
        expected = of_first * first + of_second * second
        stored = recording.lead(lead).astype(np.float64)
        off, size = _rms(stored - expected), max(_rms(expected), _rms(stored))
        if off > _ALGEBRA_MV and off > _ALGEBRA_FRACTION * size:
            broken.append(lead)
    return tuple(broken)


def arms_exchanged(recording: Recording, beat: TypicalBeat | None) -> bool:
    """Whether right and left arm electrodes look exchanged: lead I stands on its head and the left chest does not.

    Told by the P wave first, which points left in sinus rhythm at every age, also where right dominance turns the QRS
    of lead I downward. Either P is clearly negative in I, not clearly in aVR, and positive in V6 (or V5), and QRS or T
    agrees; or P is faintly so, and both QRS and T of lead I are inverted against V6.
    In dextrocardia and in rhythms from the left atrium the left chest is inverted too, and nothing is said.
    """
    lateral = next((lead for lead in ("V6", "V5") if lead in recording.leads), None)
    if beat is None or lateral is None or not {"I", "II"} <= set(recording.leads):
        return False
    rows = [recording.leads.index(lead) for lead in ("I", "II", lateral)]
    waves = np.vstack((beat.signal_mv[rows], -(beat.signal_mv[rows[0]] + beat.signal_mv[rows[1]]) / 2))
    p = _p_wave(waves, beat)
    t = _t_wave(waves, beat)
    qrs = waves[:, beat.qrs[0]:beat.qrs[1] + 1].sum(axis=1)
    if p is None or t is None:
        return False
    p_clear = p[0] < -_CLEAR_P_MV and p[2] > _CLEAR_P_MV / 2 and p[3] > -_CLEAR_P_MV
    p_agrees = p[0] < -_FAINT_P_MV and p[2] > _FAINT_P_MV
    t_inverted = t[0] < -_CLEAR_T_MV and t[2] > _CLEAR_T_MV
    t_contradicts = t[0] > _CLEAR_T_MV
    qrs_inverted = qrs[0] < 0 < qrs[2]
    by_p = p_clear and not t_contradicts and (t_inverted or qrs_inverted)
    return bool(by_p or (p_agrees and t_inverted and qrs_inverted))


def _same(signal_mv: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows repeat which, bool (n, n); rows without samples repeat nothing. A gap counts as rest in both."""
    counted = np.isfinite(signal_mv)
    filled = np.where(counted, signal_mv, 0.0).astype(np.float64)
    means = filled.sum(axis=1) / np.maximum(1, counted.sum(axis=1))
    filled -= np.where(counted, means[:, None], 0.0)
    products = filled @ filled.T
    power = np.diag(products)
    apart = power[:, None] + power[None, :] - 2 * products
    least = np.minimum(power[:, None], power[None, :])
    return np.asarray((apart < _SAME ** 2 * least) & (least > 0), dtype=np.bool_)


def _rms(values: NDArray[np.float64]) -> float:
    """Of the part that moves; 0 where nothing is finite."""
    finite = values[np.isfinite(values)]
    return float(np.std(finite)) if len(finite) else 0.0


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
