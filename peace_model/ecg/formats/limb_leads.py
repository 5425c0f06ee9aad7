"""The limb leads a recorder leaves out because two others give them: carts store I, II and V1 to V6."""

from dataclasses import replace

import numpy as np

from peace_model.ecg.leads import LIMB_FROM_I_AND_II
from peace_model.ecg.recording import LeadRole, Recording, RoleKind


def with_derived_limb_leads(recording: Recording) -> Recording:
    """The same recording with III, aVR, aVL and aVF computed where I and II are there and they are not.

    Each bears the role "derived of I, II" and follows the recorded leads.
    """
    if not {"I", "II"} <= set(recording.leads):
        return recording
    made = {lead: parts for lead, parts in LIMB_FROM_I_AND_II.items() if lead not in recording.leads}
    if not made:
        return recording
    first, second = (recording.lead(lead).astype(np.float64) for lead in ("I", "II"))
    rows = [(of_first * first + of_second * second).astype(np.float32) for of_first, of_second in made.values()]
    recorded = tuple(role for role in recording.roles if role.lead not in made)
    own, absent = recorded[:len(recording.leads)], recorded[len(recording.leads):]
    source = recording.source
    return replace(
        recording, signal_mv=np.vstack([recording.signal_mv, *rows]), leads=(*recording.leads, *made),
        roles=(*own, *(LeadRole(lead, RoleKind.DERIVED, "I, II") for lead in made), *absent),
        source=replace(source, quantum_mv=(*source.quantum_mv, *(None for _ in made)) if source.quantum_mv else ()))
