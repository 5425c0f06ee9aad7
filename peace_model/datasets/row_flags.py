"""Flags of a recording that are seen in its signal; the codes of input findings (ecg/signal/quality.py)."""

import numpy as np

from peace_model.ecg.recording import Recording, RoleKind
from peace_model.ecg.signal.lead_truth import flat_leads
from peace_model.ecg.signal.quality import SHORTEST_S
from peace_model.ecg.signal.rail import railed_leads


def flags_of(recording: Recording) -> tuple[str, ...]:
    """Codes in alphabetical order; the recording's repeated leads must already stand in its roles."""
    seen = {
        "duplicate_leads": any(role.kind is RoleKind.DUPLICATE for role in recording.roles),
        "flat_lead": bool(flat_leads(recording)),
        "missing_leads": bool(recording.absent_leads),
        "nan_run": bool(np.isnan(recording.signal_mv).any()),
        "saturated": bool(railed_leads(recording)),
        "short_recording": recording.duration_s < SHORTEST_S - 0.5 / recording.fs_hz,
    }
    return tuple(code for code, there in seen.items() if there)
