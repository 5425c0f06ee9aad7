"""The electrical axis of the QRS in the frontal plane.

From the net areas of I and aVF over the QRS of the median beat, as the angle defined in `leads`.
"""

import math

from peace_model.ecg.leads import AVF_GAIN, LIMB, frontal_angle_deg
from peace_model.ecg.recording import Recording, RoleKind
from peace_model.ecg.signal.heartbeats import TypicalBeat
from peace_model.ecg.signal.lead_truth import arms_exchanged, broken_limb_leads, flat_leads
from peace_model.ecg.signal.rail import railed_leads
from peace_model.words import mark

_LEAST_NET = 0.10
"""Net area below this fraction of the whole: forces cancel, and the angle is that of the noise."""


def qrs_axis_deg(recording: Recording, beat: TypicalBeat | None) -> tuple[float | None, str]:
    """Degrees in (-180, 180], 90 pointing down, and ""; or None and the reason why there is no axis."""
    reason = _why_not(recording, beat)
    if reason or beat is None:
        return None, reason
    first, last = beat.qrs
    one = beat.signal_mv[recording.leads.index("I"), first:last + 1]
    two = beat.signal_mv[recording.leads.index("II"), first:last + 1]
    foot = beat.signal_mv[recording.leads.index("aVF"), first:last + 1] if "aVF" in recording.leads else two - one / 2
    across, down = float(one.sum()), float(foot.sum())
    whole = math.hypot(float(abs(one).sum()), AVF_GAIN * float(abs(foot).sum()))
    if math.hypot(across, AVF_GAIN * down) < _LEAST_NET * whole:
        return None, mark("indeterminate: the forces of the QRS cancel in the frontal plane")
    return frontal_angle_deg(one=across, avf=down), ""


def _why_not(recording: Recording, beat: TypicalBeat | None) -> str:
    unsound = {role.lead for role in recording.roles if role.kind is RoleKind.DUPLICATE} | set(flat_leads(recording))
    if not {"I", "II"} <= set(recording.leads):
        return mark("leads I and II are needed")
    if unsound & set(LIMB):
        return mark("a limb lead is flat or repeats another one")
    if set(railed_leads(recording)) & set(LIMB):
        return mark("a limb lead is on the recorder's rail")
    if broken_limb_leads(recording):
        return mark("the limb leads contradict each other")
    if beat is None:
        return mark("fewer than three complete beats were found")
    if arms_exchanged(recording, beat):
        return mark("right and left arm electrodes look exchanged")
    return ""
