"""Which leads can be measured, and why the others cannot."""

import numpy as np

from peace_model.ecg.leads import LIMB, STANDARD_12
from peace_model.ecg.recording import Recording, RoleKind
from peace_model.ecg.signal.lead_truth import broken_limb_leads, flat_leads
from peace_model.ecg.signal.rail import railed_leads
from peace_model.words import mark

NOT_RECORDED = mark("the lead was not recorded")
FLAT = mark("the lead is flat")
RAILED = mark("the lead is on the recorder's rail")
REPEATED = mark("the lead repeats another one")
CONTRADICTS = mark("the lead is not what leads I and II make of it")


def unsound_leads(recording: Recording) -> dict[str, str]:
    """Every lead that cannot be measured, the absent standard leads among them, with the reason."""
    reasons = {lead: NOT_RECORDED for lead in STANDARD_12 if lead not in recording.leads}
    reasons |= {lead: NOT_RECORDED for lead, row in zip(recording.leads, recording.signal_mv, strict=True)
                if not np.isfinite(row).any()}
    reasons |= dict.fromkeys(broken_limb_leads(recording), CONTRADICTS)
    reasons |= {role.lead: REPEATED for role in recording.roles if role.kind is RoleKind.DUPLICATE}
    reasons |= dict.fromkeys(railed_leads(recording), RAILED)
    return reasons | dict.fromkeys(flat_leads(recording), FLAT)


def why_no_frontal_plane(recording: Recording, unsound: dict[str, str]) -> str:
    """Why no axis can be told from the limb leads, "" where one can."""
    if not {"I", "II"} <= set(recording.leads):
        return mark("leads I and II are needed")
    of_limbs = {reason for lead, reason in unsound.items() if lead in LIMB and lead in recording.leads}
    if of_limbs & {FLAT, REPEATED}:
        return mark("a limb lead is flat or repeats another one")
    if RAILED in of_limbs:
        return mark("a limb lead is on the recorder's rail")
    if CONTRADICTS in of_limbs:
        return mark("the limb leads contradict each other")
    return ""
