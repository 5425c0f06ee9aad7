"""Whether the leads are what their names say: flat and repeated leads, broken limb-lead algebra.

Small children's chests have no room for six electrodes, and some recorders then repeat a lead (V2 = V1); the algebra of
Einthoven and Goldberger must hold among leads computed from three electrodes.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import LIMB, LIMB_FROM_I_AND_II
from peace_model.ecg.mapped import settle
from peace_model.ecg.recording import LeadRole, Recording, RoleKind
from peace_model.ecg.signal.heartbeats import FLAT_MV

_SAME = 0.02
"""Two leads repeat each other when their difference is under this fraction of either, as an RMS. Neighbouring
electrodes never come so near: their noise alone differs by more."""
_LEAST_SAMPLES = 20
"""Two or three samples agree by chance; a lead so short is never called a repeat."""
_ALGEBRA_FRACTION = 0.20
_ALGEBRA_MV = 0.05
_BLOCK_VALUES = 2_000_000


def flat_leads(recording: Recording) -> tuple[str, ...]:
    """Leads whose samples never move by more than 0.02 mV (all-zero leads among them); empty leads are not flat."""
    found = []
    for lead, row in zip(recording.leads, recording.signal_mv, strict=True):
        # fmax and fmin pass over gaps without a copy of the row; a row of gaps alone leaves NaN, which is no flat lead.
        if len(row) and float(np.fmax.reduce(row)) - float(np.fmin.reduce(row)) < FLAT_MV:
            found.append(lead)
        settle(recording.signal_mv)
    return tuple(found)


def duplicate_leads(recording: Recording) -> dict[str, str]:
    """Each lead that repeats another one, with the one it repeats (the earlier of both)."""
    if recording.signal_mv.shape[1] < _LEAST_SAMPLES:
        return {}
    flat = set(flat_leads(recording))
    # With I, II or III flat two limb leads are equal by algebra: their electrode fell off or sits beside the other one,
    # nothing was repeated.
    limb_is_degenerate = bool(flat & {"I", "II", "III"}) or _one_limb_lead_is_small(recording)
    judged = [row for row, lead in enumerate(recording.leads)
              if lead not in flat and not (limb_is_degenerate and lead in LIMB)]
    same = _same(recording.signal_mv, judged)
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
    first, second = (recording.lead(name) for name in ("I", "II"))
    broken = []
    for lead, (of_first, of_second) in LIMB_FROM_I_AND_II.items():
        if lead not in recording.leads:
            continue
        expected = (of_first * first + of_second * second).astype(np.float32)
        stored = recording.lead(lead)
        off, size = _rms(stored - expected), max(_rms(expected), _rms(stored))
        if off > _ALGEBRA_MV and off > _ALGEBRA_FRACTION * size:
            broken.append(lead)
    return tuple(broken)


def _one_limb_lead_is_small(recording: Recording) -> bool:
    """Whether one of I, II and III is so small that the augmented leads repeat the other two by algebra."""
    sizes = [_rms(recording.lead(lead)) for lead in ("I", "II", "III") if lead in recording.leads]
    return len(sizes) == 3 and min(sizes) < 2 * _SAME * max(sizes)


def _same(signal_mv: NDArray[np.float32], rows: list[int]) -> NDArray[np.bool_]:
    """Which rows repeat which, bool (n, n); rows without samples repeat nothing. A gap counts as rest in both."""
    means = np.array([_mean(signal_mv[row]) for row in rows])
    products = np.zeros((len(rows), len(rows)))
    for block in _blocks(signal_mv.shape[1], len(rows)):
        moved = np.nan_to_num(signal_mv[rows, block].astype(np.float64) - means[:, None], nan=0.0)
        products += moved @ moved.T
        settle(signal_mv)
    power = np.diag(products)
    apart = power[:, None] + power[None, :] - 2 * products
    least = np.minimum(power[:, None], power[None, :])
    return np.asarray((apart < _SAME ** 2 * least) & (least > 0), dtype=np.bool_)


def _rms(values: NDArray[np.float32]) -> float:
    """Of the part that moves; 0 where nothing is finite."""
    mean, total, counted = _mean(values), 0.0, 0
    for block in _blocks(len(values), 1):
        away = values[block].astype(np.float64) - mean
        total += float(np.nansum(np.square(away)))
        counted += int(np.isfinite(away).sum())
        settle(values)
    return math.sqrt(total / counted) if counted else 0.0


def _mean(values: NDArray[np.float32]) -> float:
    """Of the finite samples; 0 where there are none."""
    total, counted = 0.0, 0
    for block in _blocks(len(values), 1):
        total += float(np.nansum(values[block], dtype=np.float64))
        counted += int(np.isfinite(values[block]).sum())
        settle(values)
    return total / max(1, counted)


def _blocks(n_samples: int, n_rows: int) -> Iterator[slice]:
    """Stretches of samples small enough to be copied: a day's signal is larger than the memory it may take."""
    step = max(1, _BLOCK_VALUES // max(1, n_rows))
    return (slice(start, start + step) for start in range(0, n_samples, step))
