"""The limb leads a recorder leaves out because two others give them: carts store I, II and V1 to V6."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.leads import LIMB_FROM_I_AND_II
from peace_model.ecg.mapped import settle
from peace_model.ecg.recording import LeadRole, Recording, RoleKind


def with_derived_limb_leads(recording: Recording) -> Recording:
    """The same recording with III, aVR, aVL and aVF computed where I and II are there and they are not.

    Each bears the role "derived of I, II" and follows the recorded leads. Raises RecordingError where a long
    recording finds no room for them.
    """
    if not {"I", "II"} <= set(recording.leads):
        return recording
    made = {lead: parts for lead, parts in LIMB_FROM_I_AND_II.items() if lead not in recording.leads}
    if not made:
        return recording
    recorded = tuple(role for role in recording.roles if role.lead not in made)
    own, absent = recorded[:len(recording.leads)], recorded[len(recording.leads):]
    source = recording.source
    return replace(
        recording, signal_mv=_extended(recording, tuple(made.values())), leads=(*recording.leads, *made),
        roles=(*own, *(LeadRole(lead, RoleKind.DERIVED, "I, II") for lead in made), *absent),
        source=replace(source, quantum_mv=(*source.quantum_mv, *(None for _ in made)) if source.quantum_mv else ()))


def _extended(recording: Recording, parts: tuple[tuple[float, float], ...]) -> NDArray[np.float32]:
    """The signal with one more row for each pair of coefficients of I and II, block by block."""
    n_recorded = len(recording.leads)
    signal_mv = large.room_for(recording.source.path, (n_recorded + len(parts), recording.n_samples))
    first, second = recording.leads.index("I"), recording.leads.index("II")
    for block in large.blocks(recording.n_samples, n_recorded):
        stored = recording.signal_mv[:, block]
        signal_mv[:n_recorded, block] = stored
        one, two = stored[first].astype(np.float64), stored[second].astype(np.float64)
        for row, (of_first, of_second) in enumerate(parts, start=n_recorded):
            signal_mv[row, block] = of_first * one + of_second * two
        settle(recording.signal_mv)
        settle(signal_mv)
    return signal_mv
