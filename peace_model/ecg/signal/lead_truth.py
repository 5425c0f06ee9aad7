"""Whether the leads are what their names say: flat and repeated leads, broken limb-lead algebra.

Small children's chests have no room for six electrodes, and some recorders then repeat a lead (V2 = V1); the algebra of
Einthoven and Goldberger must hold among leads computed from three electrodes.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import LIMB, LIMB_FROM_I_AND_II
from peace_model.ecg.recording import LeadRole, Recording, RoleKind
from peace_model.ecg.signal.heartbeats import FLAT_MV

_SAME = 0.02
"""Two leads repeat each other when their difference is under this fraction of either, as an RMS. Neighbouring
electrodes never come so near: their noise alone differs by more."""
_ALGEBRA_FRACTION = 0.20
_ALGEBRA_MV = 0.05


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
    # With I, II or III flat two limb leads are equal by algebra: their electrode fell off or sits beside the other one,
    # nothing was repeated.
    limb_is_degenerate = bool(flat & {"I", "II", "III"}) or _one_limb_lead_is_small(recording)
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


def _one_limb_lead_is_small(recording: Recording) -> bool:
    """Whether one of I, II and III is so small that the augmented leads repeat the other two by algebra."""
    sizes = [_rms(recording.lead(lead).astype(np.float64)) for lead in ("I", "II", "III") if lead in recording.leads]
    return len(sizes) == 3 and min(sizes) < 2 * _SAME * max(sizes)


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
